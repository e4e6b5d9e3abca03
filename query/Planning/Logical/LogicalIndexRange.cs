namespace NeuroDb.Query;

/// <summary>
/// Reads the rows of a table that satisfy a condition through a learned index: because the
/// condition bounds its columns, or because its order is asked for.
/// </summary>
/// <param name="scan">The table and the columns.</param>
/// <param name="match">The index and what of it is read.</param>
/// <param name="parts">The parts of the condition, all of which must hold.</param>
/// <param name="order">None, or the order of the index and its reverse.</param>
/// <param name="isNotNull">Whether the column behind the values of the match must have one.</param>
/// <param name="limit">No more rows are asked for than this many and the offset; or null.</param>
/// <param name="offset">The rows that are left out later on; or null.</param>
internal sealed class LogicalIndexRange(
    LogicalScan scan,
    IndexMatch match,
    IReadOnlyList<Expression> parts,
    KeyRangeOrder order,
    bool isNotNull = false,
    Expression? limit = null,
    Expression? offset = null)
    : LogicalNode
{
    /// <summary>The table and the columns.</summary>
    public LogicalScan Scan { get; } = scan;

    /// <summary>The index and what of it is read.</summary>
    public IndexMatch Match { get; } = match;

    /// <summary>The parts of the condition, all of which must hold.</summary>
    public IReadOnlyList<Expression> Parts { get; } = parts;

    /// <summary>The order.</summary>
    public KeyRangeOrder Order { get; } = order;

    /// <summary>Whether the column behind the values of the match must have one.</summary>
    public bool IsNotNull { get; } = isNotNull;

    /// <summary>The most rows that are asked for, the offset left out; null for all.</summary>
    public Expression? Limit { get; } = limit;

    /// <summary>The rows that are left out later on; null for none.</summary>
    public Expression? Offset { get; } = offset;

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Output => Scan.Output;

    /// <inheritdoc/>
    public override LogicalNode MapExpressions(Func<Expression, Expression> map) =>
        new LogicalIndexRange(
            Scan,
            Match.Map(map),
            [.. Parts.Select(map)],
            Order,
            IsNotNull,
            Limit is null ? null : map(Limit),
            Offset is null ? null : map(Offset));
}
