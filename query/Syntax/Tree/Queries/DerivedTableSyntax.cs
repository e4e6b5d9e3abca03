namespace NeuroDb.Query;

/// <summary>A query in parentheses in FROM.</summary>
/// <param name="Query">The query.</param>
/// <param name="Alias">The alias, or null.</param>
/// <param name="ColumnAliases">New names of the columns; empty if none are given.</param>
internal sealed record DerivedTableSyntax(
    QuerySyntax Query,
    IdentifierSyntax? Alias,
    IReadOnlyList<IdentifierSyntax> ColumnAliases) : TableReferenceSyntax
{
    /// <summary>Whether it may use the tables before it.</summary>
    public bool IsLateral { get; init; }
}
