namespace NeuroDb.Query;

/// <summary>RELEASE SAVEPOINT.</summary>
/// <param name="Name">The name.</param>
internal sealed record ReleaseStatementSyntax(IdentifierSyntax Name) : StatementSyntax;
