namespace NeuroDb.Query;

/// <summary>DROP TABLE.</summary>
/// <param name="Tables">The tables.</param>
/// <param name="IfExists">Whether IF EXISTS is given.</param>
internal sealed record DropTableStatementSyntax(
    IReadOnlyList<NameSyntax> Tables,
    bool IfExists) : StatementSyntax;
