namespace NeuroDb.Query;

/// <summary>
/// Reads the rows of a table in a range of a key of one whole-number, date or time column, in the
/// order of the key if it is asked for. In no order, it counts the range first and leaves a large
/// one to the scan.
/// </summary>
internal sealed class KeyRange(
    TableScan scan,
    int keyOrdinal,
    KeyBound[] bounds,
    Expression? rest,
    KeyRangeOrder order,
    Expression? limit,
    Expression? offset)
    : PlanNode(scan.Output)
{
    /// <summary>The scan that gives the same rows, its filter the whole condition.</summary>
    public TableScan Scan { get; } = scan;

    /// <summary>The index into the keys of the schema.</summary>
    public int KeyOrdinal { get; } = keyOrdinal;

    /// <summary>The bounds; all must hold.</summary>
    public KeyBound[] Bounds { get; } = bounds;

    /// <summary>The other conditions, over the columns of the output; null for none.</summary>
    public Expression? Rest { get; } = rest;

    /// <summary>The order.</summary>
    public KeyRangeOrder Order { get; } = order;

    /// <summary>How many rows are asked for at most, the offset left out; null for all.</summary>
    public Expression? Limit { get; } = limit;

    /// <summary>The rows that are left out later on; null for none.</summary>
    public Expression? Offset { get; } = offset;

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => Scan.Expressions;

    /// <inheritdoc/>
    public override string Describe()
    {
        TableSchema schema = Scan.Table.Schema;
        string key = schema.Columns[schema.Keys[KeyOrdinal].Ordinals[0]].Name;
        string ordered = Order switch
        {
            KeyRangeOrder.Ascending => ", in its order",
            KeyRangeOrder.Descending => ", in its order from the end",
            KeyRangeOrder.Ends => ", its ends",
            _ => "",
        };
        string filter = Rest is null ? "" : $", filter: {Rest}";
        return $"key range {schema.Name}.{key} {Bracket(isLow: true)}, {Bracket(isLow: false)}"
            + $"{ordered}{filter}";
    }

    /// <inheritdoc/>
    public override PlanNode? TrySelect(
        int[] ordinals, IReadOnlyList<OutputColumn> columns) =>
        Rest is null && Scan.TrySelect(ordinals, columns) is TableScan narrow
            ? new KeyRange(narrow, KeyOrdinal, Bounds, null, Order, Limit, Offset)
            {
                Estimate = Estimate,
            }
            : null;

    /// <inheritdoc/>
    public override IEnumerable<string> Details(ExecutionContext context) =>
        context.Profile?.Find(this) is { IsByScan: true } ? ["read by a scan"] : [];

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) =>
        new KeyRangeCursor(this, context);

    private string Bracket(bool isLow)
    {
        IEnumerable<string> known = Bounds
            .Where(bound => bound.Operator == BinaryOperator.Equal || isLow == bound.Operator
                is BinaryOperator.Greater or BinaryOperator.GreaterOrEqual)
            .Select(bound => bound.Value.ToString());
        string values = string.Join(isLow ? " or above " : " or below ", known);
        bool isOpen = values.Length == 0 || Bounds.Any(bound => bound.Operator
            == (isLow ? BinaryOperator.Greater : BinaryOperator.Less));
        return isLow
            ? $"{(isOpen ? "(" : "[")}{(values.Length == 0 ? "-infinity" : values)}"
            : $"{(values.Length == 0 ? "infinity" : values)}{(isOpen ? ")" : "]")}";
    }
}
