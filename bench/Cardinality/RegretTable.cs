namespace NeuroDb.Bench;

/// <summary>A table, or what stands for one, that a query joins.</summary>
/// <param name="Alias">Its name in the query.</param>
/// <param name="Source">The table, or a query in parentheses.</param>
/// <param name="Condition">What its rows satisfy; null for all.</param>
/// <param name="Kind">JOIN, LEFT JOIN, or for a test of its rows EXISTS or NOT EXISTS.</param>
/// <param name="Links">
/// Its columns and those of others that they equal; all others stand before it in the query.
/// </param>
internal sealed record RegretTable(
    string Alias,
    string Source,
    string? Condition,
    string Kind,
    List<(string Own, string Alias, string Column)> Links)
{
    /// <summary>Whether it gives rows, rather than testing those of others.</summary>
    public bool GivesRows => Kind.EndsWith("JOIN", StringComparison.Ordinal);

    /// <summary>Whether it may be the first one.</summary>
    public bool IsInner => Kind == "JOIN";
}
