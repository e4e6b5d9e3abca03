namespace NeuroDb.Query;

/// <summary>DROP TABLE.</summary>
/// <param name="Tables">The tables.</param>
/// <param name="IfExists">Whether IF EXISTS is given.</param>
/// <param name="IsCascade">Whether what depends on them is dropped too.</param>
internal sealed record DropTableStatementSyntax(
    IReadOnlyList<NameSyntax> Tables,
    bool IfExists,
    bool IsCascade = false) : StatementSyntax
{
    /// <summary>Whether RESTRICT is written: what depends on them stands in the way.</summary>
    public bool IsRestrict { get; init; }
}
