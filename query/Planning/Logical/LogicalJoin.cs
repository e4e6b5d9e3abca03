namespace NeuroDb.Query;

/// <summary>
/// Joins each row of the left side with the rows of the right side that satisfy the condition.
/// RIGHT is turned into LEFT when it is bound, so there is none here. Semi and anti joins give the
/// columns of the left side only.
/// </summary>
internal sealed class LogicalJoin : LogicalNode
{
    /// <summary>Makes the node.</summary>
    public LogicalJoin(
        JoinKind kind, LogicalNode left, LogicalNode right, Expression? condition)
    {
        Invariant.Check(kind != JoinKind.Right);
        Invariant.Check(kind != JoinKind.Cross || condition is null);
        Kind = kind;
        Left = left;
        Right = right;
        Condition = condition;
        Output = IsHalf ? left.Output :
        [
            .. Nullable(left.Output, kind == JoinKind.Full),
            .. Nullable(right.Output, kind is JoinKind.Left or JoinKind.Full),
        ];
    }

    /// <summary>The kind.</summary>
    public JoinKind Kind { get; }

    /// <summary>Whether only left rows are given.</summary>
    public bool IsHalf => Kind is JoinKind.Semi or JoinKind.Anti;

    /// <summary>The left side.</summary>
    public LogicalNode Left { get; }

    /// <summary>The right side.</summary>
    public LogicalNode Right { get; }

    /// <summary>The condition over the columns of both sides; null for every pair.</summary>
    public Expression? Condition { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Output { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<LogicalNode> Children => [Left, Right];

    /// <inheritdoc/>
    public override LogicalNode MapExpressions(Func<Expression, Expression> map) =>
        Condition is null ? this : new LogicalJoin(Kind, Left, Right, map(Condition));

    /// <inheritdoc/>
    public override LogicalNode WithChildren(IReadOnlyList<LogicalNode> children) =>
        new LogicalJoin(Kind, children[0], children[1], Condition);

    private static IEnumerable<OutputColumn> Nullable(
        IReadOnlyList<OutputColumn> columns, bool isNullable) =>
        isNullable ? columns.Select(column => column with { IsNullable = true }) : columns;
}
