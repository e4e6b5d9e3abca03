namespace NeuroDb.Query;

/// <summary>
/// Reads the rows of a table that satisfy a condition, through a key of one whole-number column:
/// because the condition bounds the key, or because its order is asked for.
/// </summary>
/// <param name="scan">The table and the columns.</param>
/// <param name="keyOrdinal">The index into the keys of the schema.</param>
/// <param name="parts">The parts of the condition, all of which must hold.</param>
/// <param name="order">The order.</param>
/// <param name="limit">No more rows are asked for than this many and the offset; or null.</param>
/// <param name="offset">The rows that are left out later on; or null.</param>
internal sealed class LogicalKeyRange(
    LogicalScan scan,
    int keyOrdinal,
    IReadOnlyList<Expression> parts,
    KeyRangeOrder order,
    Expression? limit = null,
    Expression? offset = null)
    : LogicalNode
{
    /// <summary>The table and the columns.</summary>
    public LogicalScan Scan { get; } = scan;

    /// <summary>The index into the keys of the schema.</summary>
    public int KeyOrdinal { get; } = keyOrdinal;

    /// <summary>The parts of the condition, all of which must hold.</summary>
    public IReadOnlyList<Expression> Parts { get; } = parts;

    /// <summary>The order.</summary>
    public KeyRangeOrder Order { get; } = order;

    /// <summary>The most rows that are asked for, the offset left out; null for all.</summary>
    public Expression? Limit { get; } = limit;

    /// <summary>The rows that are left out later on; null for none.</summary>
    public Expression? Offset { get; } = offset;

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Output => Scan.Output;

    /// <summary>Whether an expression is the key's column.</summary>
    public static bool IsKey(Expression expression, LogicalScan scan, int keyOrdinal) =>
        expression is ColumnExpression column
        && scan.Columns.Any(item =>
            item.Ordinal == scan.Table.Schema.Keys[keyOrdinal].Ordinals[0]
            && item.Column.Id == column.Id);

    /// <summary>The bound that a part puts on the key; null if it puts none.</summary>
    public KeyBound? BoundOf(Expression part) =>
        KeyBound.Of(part, expression => IsKey(expression, Scan, KeyOrdinal));

    /// <inheritdoc/>
    public override LogicalNode MapExpressions(Func<Expression, Expression> map) =>
        new LogicalKeyRange(
            Scan,
            KeyOrdinal,
            [.. Parts.Select(map)],
            Order,
            Limit is null ? null : map(Limit),
            Offset is null ? null : map(Offset));
}
