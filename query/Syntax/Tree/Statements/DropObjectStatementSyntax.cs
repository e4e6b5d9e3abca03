namespace NeuroDb.Query;

/// <summary>DROP VIEW, DROP TRIGGER and DROP SEQUENCE.</summary>
/// <param name="Kind">What is dropped.</param>
/// <param name="Names">The names.</param>
/// <param name="IfExists">Whether IF EXISTS is given.</param>
/// <param name="IsCascade">Whether what depends on them is dropped too.</param>
internal sealed record DropObjectStatementSyntax(
    CatalogObjectKind Kind,
    IReadOnlyList<NameSyntax> Names,
    bool IfExists,
    bool IsCascade) : StatementSyntax
{
    /// <summary>Whether RESTRICT is written: what depends on them stands in the way.</summary>
    public bool IsRestrict { get; init; }
}
