namespace NeuroDb.Query;

/// <summary>DEALLOCATE: forgets what PREPARE keeps.</summary>
/// <param name="Name">The name; null for all.</param>
internal sealed record DeallocateStatementSyntax(IdentifierSyntax? Name) : StatementSyntax;
