namespace NeuroDb.Query;

/// <summary>DROP TABLE.</summary>
/// <param name="Tables">The tables.</param>
/// <param name="IfExists">Whether IF EXISTS is given.</param>
/// <param name="IsCascade">Whether what depends on them is dropped too.</param>
internal sealed record DropTableStatementSyntax(
    IReadOnlyList<NameSyntax> Tables,
    bool IfExists,
    bool IsCascade = false) : StatementSyntax;
