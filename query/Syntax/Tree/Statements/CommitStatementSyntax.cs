namespace NeuroDb.Query;

/// <summary>COMMIT or END.</summary>
internal sealed record CommitStatementSyntax : StatementSyntax;
