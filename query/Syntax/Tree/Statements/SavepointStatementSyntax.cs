namespace NeuroDb.Query;

/// <summary>SAVEPOINT.</summary>
/// <param name="Name">The name.</param>
internal sealed record SavepointStatementSyntax(IdentifierSyntax Name) : StatementSyntax;
