using NeuroDb.Gpu;

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
        if (leftKeys.Count == 0 && ByDistance(parts, shape, output, rows) is { } near)
        {
            return near;
        }

        return leftKeys.Count > 0
            ? new HashJoin(shape, [.. leftKeys], [.. rightKeys], output)
            {
                Estimate = rows,
            }
            : new NestedLoopJoin(shape, output) { Estimate = rows };
    }

    /// <summary>A join through the kernels of vectors; null if nothing bounds a distance.</summary>
    private DistanceJoin? ByDistance(
        List<Expression> parts, JoinShape shape, OutputColumn[] output, RowEstimate rows)
    {
        foreach (Expression part in parts)
        {
            if (VectorThreshold.TryFind(
                    part, bound => IsOf(bound, shape.Left) || IsOf(bound, shape.Right))
                    is not { Distance: var distance } near
                || distance.Metric is not
                    (Metric.L2 or Metric.Cosine or Metric.InnerProduct or Metric.L1
                    or Metric.Hamming)
                || distance.Left.Type.Length == 0
                || distance.Left.Type.Length != distance.Right.Type.Length
                || !ColumnSets.IsMovable(part))
            {
                continue;
            }

            bool isSwapped = IsOf(distance.Left, shape.Right);
            bool isBoundOfRight = !IsOf(near.Bound, shape.Left);
            Expression left = isSwapped ? distance.Right : distance.Left;
            Expression right = isSwapped ? distance.Left : distance.Right;
            if (IsOf(left, shape.Left) && IsOf(right, shape.Right)
                && !ColumnSets.ReadsNone(left) && !ColumnSets.ReadsNone(right))
            {
                return new DistanceJoin(
                    shape,
                    distance,
                    planner.Resolve(left, shape.Left.Output),
                    planner.Resolve(right, shape.Right.Output),
                    planner.Resolve(
                        near.Bound, (isBoundOfRight ? shape.Right : shape.Left).Output),
                    output)
                {
                    IsBoundOfRight = isBoundOfRight,
                    Estimate = rows,
                };
            }
        }

        return null;
    }

    private static bool IsOf(Expression expression, PlanNode side) =>
        ColumnSets.ReadsOnly(expression, ColumnSets.Of(side.Output));

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
