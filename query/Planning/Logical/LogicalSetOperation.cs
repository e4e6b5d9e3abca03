namespace NeuroDb.Query;

/// <summary>UNION, EXCEPT or INTERSECT of two inputs with columns of the same types.</summary>
internal sealed class LogicalSetOperation : LogicalNode
{
    /// <summary>Makes the node.</summary>
    public LogicalSetOperation(
        SetOperator @operator,
        bool isAll,
        LogicalNode left,
        LogicalNode right,
        IReadOnlyList<OutputColumn> output)
    {
        Invariant.Check(left.Output.Count == output.Count);
        Invariant.Check(right.Output.Count == output.Count);
        Operator = @operator;
        IsAll = isAll;
        Left = left;
        Right = right;
        Output = output;
    }

    /// <summary>The operation.</summary>
    public SetOperator Operator { get; }

    /// <summary>Whether equal rows are kept apart.</summary>
    public bool IsAll { get; }

    /// <summary>The left side; its columns become the output, by position.</summary>
    public LogicalNode Left { get; }

    /// <summary>The right side.</summary>
    public LogicalNode Right { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Output { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<LogicalNode> Children => [Left, Right];

    /// <inheritdoc/>
    public override LogicalNode WithChildren(IReadOnlyList<LogicalNode> children) =>
        new LogicalSetOperation(Operator, IsAll, children[0], children[1], Output);
}
