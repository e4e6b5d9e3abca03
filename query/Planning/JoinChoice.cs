namespace NeuroDb.Query;

/// <summary>
/// Chooses between hash join and nested loop: equal keys of both sides make a hash join, with the
/// smaller side in memory where the kind of join leaves the choice.
/// </summary>
internal sealed class JoinChoice(Planner planner, OperatorChoice operators)
{
    /// <summary>The operator for a join.</summary>
    public PlanNode Choose(LogicalJoin join, RowEstimate rows)
    {
        bool isSymmetric = join.Kind is JoinKind.Inner or JoinKind.Cross;
        bool isSwapped =
            isSymmetric && Cardinality.Of(join.Left) < Cardinality.Of(join.Right);
        PlanNode left = operators.Choose(isSwapped ? join.Right : join.Left);
        PlanNode right = operators.Choose(isSwapped ? join.Left : join.Right);
        var parts = new List<Expression>();
        Conjuncts.Split(join.Condition, parts);
        var leftKeys = new List<Expression>();
        var rightKeys = new List<Expression>();
        parts.RemoveAll(part => TryKeys(part, left, right, leftKeys, rightKeys));
        IReadOnlyList<OutputColumn> both = [.. left.Output, .. right.Output];
        NarrowExpression? residual = Conjuncts.Join(parts) is { } rest
            ? NarrowExpression.Of(planner.Resolve(rest, both))
            : null;
        JoinKind kind = join.Kind == JoinKind.Cross && parts.Count > 0
            ? JoinKind.Inner
            : join.Kind;
        var shape = new JoinShape(
            kind,
            left,
            right,
            residual,
            [.. Enumerable.Range(0, join.IsHalf ? left.Output.Count : both.Count)]);
        OutputColumn[] output = shape.Output;
        return leftKeys.Count > 0
            ? new HashJoin(shape, [.. leftKeys], [.. rightKeys], output)
            {
                Estimate = rows,
            }
            : new NestedLoopJoin(shape, output) { Estimate = rows };
    }

    private bool TryKeys(
        Expression part,
        PlanNode left,
        PlanNode right,
        List<Expression> leftKeys,
        List<Expression> rightKeys)
    {
        if (part is not ComparisonExpression { Operator: BinaryOperator.Equal } equal
            || equal.Children[0].Type.Physical != equal.Children[1].Type.Physical
            || !ColumnSets.IsMovable(part))
        {
            return false;
        }

        Expression first = equal.Children[0];
        Expression second = equal.Children[1];
        if (IsKeyOf(second, left) && IsKeyOf(first, right))
        {
            (first, second) = (second, first);
        }
        else if (!IsKeyOf(first, left) || !IsKeyOf(second, right))
        {
            return false;
        }

        leftKeys.Add(planner.Resolve(first, left.Output));
        rightKeys.Add(planner.Resolve(second, right.Output));
        return true;
    }

    private static bool IsKeyOf(Expression expression, PlanNode side) =>
        !ColumnSets.ReadsNone(expression)
        && ColumnSets.ReadsOnly(expression, ColumnSets.Of(side.Output));
}
