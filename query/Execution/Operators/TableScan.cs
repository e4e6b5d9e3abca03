using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Reads the visible rows of a table in the order of their numbers. Columns are views of the
/// table's memory where all rows of a slice pass; otherwise only the passing rows are copied.
/// </summary>
internal sealed class TableScan(
    TableEntry table,
    string alias,
    int[] ordinals,
    bool withRowAddress,
    NarrowExpression? filter,
    IReadOnlyList<OutputColumn> output)
    : PlanNode(output)
{
    /// <summary>The table.</summary>
    public TableEntry Table { get; } = table;

    /// <summary>The ordinals of the columns read.</summary>
    public int[] Ordinals { get; } = ordinals;

    /// <summary>Whether the last column is where the row lies.</summary>
    public bool WithRowAddress { get; } = withRowAddress;

    /// <summary>The condition over the table's columns; null to give all rows.</summary>
    public NarrowExpression? Filter { get; } = filter;

    /// <summary>Which chunks the condition leaves out unread; null for none.</summary>
    public ZonePruning? Pruning { get; } = ZonePruning.Of(filter);

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions =>
        Filter is null ? [] : [Filter.Expression];

    /// <summary>The same scan with another condition.</summary>
    public TableScan WithFilter(NarrowExpression? condition) =>
        new(Table, alias, Ordinals, WithRowAddress, condition, Output)
        {
            Estimate = Estimate,
        };

    /// <inheritdoc/>
    public override string Describe()
    {
        string name = Table.Schema.Name;
        string shown = string.Equals(name, alias, StringComparison.Ordinal) ? "" : $" as {alias}";
        string indexes = string.Join(", ", Pruning?.TextIndexes ?? []);
        string words = indexes.Length == 0 ? "" : $", words by {indexes}";
        return $"scan {name}{shown}{(Filter is null ? "" : $", filter: {Filter}")}{words}";
    }

    /// <inheritdoc/>
    public override PlanNode? TrySelect(
        int[] ordinals, IReadOnlyList<OutputColumn> columns) =>
        ordinals.SkipLast(1).Any(ordinal => !IsOrdinary(ordinal)) ? null : new TableScan(
            Table,
            alias,
            [.. ordinals.Where(IsOrdinary).Select(ordinal => Ordinals[ordinal])],
            ordinals.Any(ordinal => !IsOrdinary(ordinal)),
            Filter,
            columns)
        {
            Estimate = Estimate,
        };

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) =>
        new TableScanCursor(this, context);

    /// <inheritdoc/>
    protected override Pipeline? StartParallel(ExecutionContext context)
    {
        if (Table.Rows.LiveCount < Lanes.MorselCountMin * Limits.ChunkRowCount)
        {
            return null;
        }

        TableSnapshot snapshot = context.Open(Table);
        return snapshot.SliceCount < Lanes.MorselCountMin
            ? null
            : new ScanPipeline(this, snapshot, context);
    }

    private bool IsOrdinary(int ordinal) => ordinal < Ordinals.Length;
}
