namespace NeuroDb.Query;

/// <summary>CREATE TABLE.</summary>
/// <param name="Name">The name of the table.</param>
/// <param name="IfNotExists">Whether IF NOT EXISTS is given.</param>
/// <param name="Columns">The columns; empty for AS SELECT without names.</param>
/// <param name="Constraints">The table constraints.</param>
/// <param name="Query">The query of AS SELECT, or null.</param>
internal sealed record CreateTableStatementSyntax(
    NameSyntax Name,
    bool IfNotExists,
    IReadOnlyList<ColumnDefinitionSyntax> Columns,
    IReadOnlyList<ConstraintSyntax> Constraints,
    QuerySyntax? Query) : StatementSyntax
{
    /// <summary>Whether a table of the name is dropped first.</summary>
    public bool OrReplace { get; init; }

    /// <summary>Whether only the session sees it, as long as it lasts.</summary>
    public bool IsTemporary { get; init; }

    /// <summary>Whether only the columns of the query are taken: WITH NO DATA.</summary>
    public bool IsWithoutRows { get; init; }

    /// <summary>The tables whose columns are copied: LIKE t.</summary>
    public IReadOnlyList<LikeTableSyntax> Likes { get; init; } = [];

    /// <summary>Options of other systems that mean nothing here.</summary>
    public IReadOnlyList<string> IgnoredOptions { get; init; } = [];
}
