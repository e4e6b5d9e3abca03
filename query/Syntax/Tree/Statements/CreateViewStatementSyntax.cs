namespace NeuroDb.Query;

/// <summary>CREATE VIEW.</summary>
/// <param name="Name">The name of the view.</param>
/// <param name="IfNotExists">Whether IF NOT EXISTS is given.</param>
/// <param name="Columns">The names of its columns; empty for those of the query.</param>
/// <param name="Query">The query.</param>
internal sealed record CreateViewStatementSyntax(
    NameSyntax Name,
    bool IfNotExists,
    IReadOnlyList<IdentifierSyntax> Columns,
    QuerySyntax Query) : StatementSyntax
{
    /// <summary>Whether a view of the name is replaced.</summary>
    public bool OrReplace { get; init; }

    /// <summary>Whether only the session sees it, as long as it lasts.</summary>
    public bool IsTemporary { get; init; }
}
