namespace NeuroDb.Query;

/// <summary>
/// GROUPING (a, b): bits that say which of its keys the group of a row is not made by. Only until
/// the groups are bound, when it becomes a choice by the number of the grouping set.
/// </summary>
internal sealed class GroupingExpression(
    IReadOnlyList<Expression> keys, SourcePosition position) : Expression(DataType.BigInt)
{
    /// <summary>Where it stands in the statement.</summary>
    public SourcePosition Position { get; } = position;

    /// <inheritdoc/>
    public override IReadOnlyList<Expression> Children { get; } = keys;

    /// <summary>Not possible: it is replaced when the groups are bound.</summary>
    public override ColumnBuffer Evaluate(RowBatch batch, ExecutionContext context) =>
        throw Invariant.Broken("GROUPING is replaced when groups are bound");

    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new GroupingExpression(children, Position);

    /// <inheritdoc/>
    public override string ToString() => $"grouping({string.Join(", ", Children)})";
}
