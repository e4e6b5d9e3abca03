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
    QuerySyntax? Query) : StatementSyntax;
