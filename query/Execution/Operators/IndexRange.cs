namespace NeuroDb.Query;

/// <summary>
/// Reads the rows of a table through a learned index, in its order if that is asked for. In no
/// order, it counts the entries first and leaves many to the scan.
/// </summary>
internal sealed class IndexRange(
    TableScan scan,
    IndexMatch match,
    Expression? condition,
    KeyRangeOrder order,
    bool isNotNull,
    Expression? limit,
    Expression? offset)
    : PlanNode(scan.Output)
{
    /// <summary>The scan that gives the same rows.</summary>
    public TableScan Scan { get; } = scan;

    /// <summary>The index and what of it is read.</summary>
    public IndexMatch Match { get; } = match;

    /// <summary>The whole condition, over the columns of the output; null for none.</summary>
    public Expression? Condition { get; } = condition;

    /// <summary>The order.</summary>
    public KeyRangeOrder Order { get; } = order;

    /// <summary>Whether the column behind the values of the match must have one.</summary>
    public bool IsNotNull { get; } = isNotNull;

    /// <summary>
    /// Whether the match says all that the condition does, where its codes tell the values.
    /// </summary>
    public bool IsWholeMatch { get; init; }

    /// <summary>How many rows are asked for at most, the offset left out; null for all.</summary>
    public Expression? Limit { get; } = limit;

    /// <summary>The rows that are left out later on; null for none.</summary>
    public Expression? Offset { get; } = offset;

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => Scan.Expressions;

    /// <inheritdoc/>
    public override string Describe()
    {
        TableSchema table = Scan.Table.Schema;
        string what = Match.Describe(table);
        string ordered = Order switch
        {
            KeyRangeOrder.Ascending => ", in its order",
            KeyRangeOrder.Descending => ", in reverse order",
            _ => "",
        };
        string batched = Order == KeyRangeOrder.None && !Match.IsOneKey ? ", batched" : "";
        string filter = Scan.Filter is null ? "" : $", filter: {Scan.Filter}";
        return $"index {Match.Index.Schema.Name} of {table.Name}"
            + $"{(what.Length > 0 ? ": " : "")}{what}{ordered}{batched}{filter}";
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Details(ExecutionContext context) =>
        context.Profile?.Find(this) is { IsByScan: true } ? ["read by a scan"] : [];

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) =>
        new IndexRangeCursor(this, context);
}
