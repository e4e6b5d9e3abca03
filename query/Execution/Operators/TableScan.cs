using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Reads the visible rows of a table in the order of their slots. Columns are views of the table's
/// memory where all rows of a slice pass; otherwise only the passing rows are copied.
/// </summary>
internal sealed class TableScan(
    TableEntry table,
    string alias,
    int[] ordinals,
    bool withRowId,
    NarrowExpression? filter,
    IReadOnlyList<OutputColumn> output)
    : PlanNode(output)
{
    /// <summary>The table.</summary>
    public TableEntry Table { get; } = table;

    /// <summary>The ordinals of the columns read.</summary>
    public int[] Ordinals { get; } = ordinals;

    /// <summary>Whether the last column is the row number.</summary>
    public bool WithRowId { get; } = withRowId;

    /// <summary>The condition over the table's columns; null to give all rows.</summary>
    public NarrowExpression? Filter { get; } = filter;

    /// <inheritdoc/>
    public override string Describe()
    {
        string name = Table.Schema.Name;
        string shown = string.Equals(name, alias, StringComparison.Ordinal) ? "" : $" as {alias}";
        return $"scan {name}{shown}{(Filter is null ? "" : $", filter: {Filter}")}";
    }

    /// <inheritdoc/>
    public override BatchCursor Open(ExecutionContext context) =>
        new TableScanCursor(this, context);
}
