namespace NeuroDb.Query;

/// <summary>BEGIN or START TRANSACTION.</summary>
internal sealed record BeginStatementSyntax : StatementSyntax;
