namespace NeuroDb.Query;

/// <summary>ROLLBACK, of the transaction or to a savepoint.</summary>
/// <param name="Savepoint">The savepoint, or null for the whole transaction.</param>
internal sealed record RollbackStatementSyntax(IdentifierSyntax? Savepoint) : StatementSyntax;
