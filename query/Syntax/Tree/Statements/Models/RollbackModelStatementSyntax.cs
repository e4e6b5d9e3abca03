namespace NeuroDb.Query;

/// <summary>ROLLBACK MODEL.</summary>
/// <param name="Name">The name of the model.</param>
internal sealed record RollbackModelStatementSyntax(NameSyntax Name) : StatementSyntax;
