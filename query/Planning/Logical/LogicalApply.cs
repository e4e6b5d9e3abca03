namespace NeuroDb.Query;

/// <summary>
/// Joins each row of the left side with the rows that the right side gives for it: LATERAL. The
/// right side finds the values of the left row in its outer slots.
/// </summary>
internal sealed class LogicalApply : LogicalNode
{
    /// <summary>Makes the node.</summary>
    public LogicalApply(
        bool keepsLeft,
        LogicalNode left,
        LogicalNode right,
        IReadOnlyList<Expression> captures,
        Expression? condition)
    {
        KeepsLeft = keepsLeft;
        Left = left;
        Right = right;
        Captures = captures;
        Condition = condition;
        IEnumerable<OutputColumn> columns = keepsLeft
            ? right.Output.Select(column => column with { IsNullable = true })
            : right.Output;
        Output = [.. left.Output, .. columns];
    }

    /// <summary>Whether a left row without partner is given with NULLs.</summary>
    public bool KeepsLeft { get; }

    /// <summary>The left side.</summary>
    public LogicalNode Left { get; }

    /// <summary>The right side.</summary>
    public LogicalNode Right { get; }

    /// <summary>The values of the left row that the right side uses, by slot.</summary>
    public IReadOnlyList<Expression> Captures { get; }

    /// <summary>The condition over both sides; null for every pair.</summary>
    public Expression? Condition { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Output { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<LogicalNode> Children => [Left, Right];

    /// <inheritdoc/>
    public override LogicalNode MapExpressions(Func<Expression, Expression> map) =>
        new LogicalApply(
            KeepsLeft,
            Left,
            Right,
            [.. Captures.Select(map)],
            Condition is null ? null : map(Condition));

    /// <inheritdoc/>
    public override LogicalNode WithChildren(IReadOnlyList<LogicalNode> children) =>
        new LogicalApply(KeepsLeft, children[0], children[1], Captures, Condition);
}
