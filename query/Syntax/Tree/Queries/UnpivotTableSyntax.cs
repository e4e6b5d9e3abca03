namespace NeuroDb.Query;

/// <summary>UNPIVOT: columns become rows of a name and a value.</summary>
/// <param name="Source">The rows.</param>
/// <param name="Items">
/// The columns: references, stars, and brackets of several columns that become one row.
/// </param>
/// <param name="NameColumn">The column for their names.</param>
/// <param name="ValueColumns">The columns for their values; one unless brackets are given.</param>
/// <param name="IncludesNulls">Whether rows without a value are kept.</param>
/// <param name="Alias">The alias, or null.</param>
/// <param name="ColumnAliases">New names of the columns; empty if none are given.</param>
internal sealed record UnpivotTableSyntax(
    TableReferenceSyntax Source,
    IReadOnlyList<SelectItemSyntax> Items,
    IdentifierSyntax NameColumn,
    IReadOnlyList<IdentifierSyntax> ValueColumns,
    bool IncludesNulls,
    IdentifierSyntax? Alias,
    IReadOnlyList<IdentifierSyntax> ColumnAliases) : TableReferenceSyntax;
