namespace NeuroDb.Query;

/// <summary>REINDEX.</summary>
/// <param name="Name">An index or a table; null for all indexes.</param>
/// <param name="IsIndex">Whether INDEX is written, so that the name is no table's.</param>
/// <param name="IsTable">Whether TABLE is written, so that the name is no index's.</param>
internal sealed record ReindexStatementSyntax(NameSyntax? Name, bool IsIndex, bool IsTable)
    : StatementSyntax;
