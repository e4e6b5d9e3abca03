namespace NeuroDb.Query;

/// <summary>
/// PIVOT: values of columns become columns, each with aggregates over the rows that have them.
/// </summary>
/// <param name="Source">The rows.</param>
/// <param name="Columns">The columns whose values become columns; at least one.</param>
/// <param name="Aggregates">What is computed for each; at least one.</param>
/// <param name="Groups">
/// The groups that become rows; null for all columns that are not mentioned elsewhere.
/// </param>
/// <param name="Alias">The alias, or null.</param>
/// <param name="ColumnAliases">New names of the columns; empty if none are given.</param>
internal sealed record PivotTableSyntax(
    TableReferenceSyntax Source,
    IReadOnlyList<PivotColumnSyntax> Columns,
    IReadOnlyList<ExpressionItemSyntax> Aggregates,
    IReadOnlyList<ExpressionItemSyntax>? Groups,
    IdentifierSyntax? Alias,
    IReadOnlyList<IdentifierSyntax> ColumnAliases) : TableReferenceSyntax;
