namespace NeuroDb.Query;

/// <summary>ANALYZE.</summary>
/// <param name="Table">The table, or null for all.</param>
internal sealed record AnalyzeStatementSyntax(NameSyntax? Table) : StatementSyntax;
