namespace NeuroDb.Query;

/// <summary>
/// Moves conditions as near to the tables as they may go: through projections, groups and set
/// operations, and into the sides of joins. What reads both sides of a join becomes its condition,
/// so that a comma in FROM with WHERE is the same as JOIN with ON. An outer join whose filled up
/// rows do not pass is an inner one.
/// </summary>
internal static class PredicatePushDownRule
{
    /// <summary>The plan with its conditions moved.</summary>
    public static LogicalNode Apply(LogicalNode plan) => Push(plan, []);

    private static LogicalNode Push(LogicalNode node, List<Expression> parts)
    {
        switch (node)
        {
            case LogicalFilter filter:
                var all = new List<Expression>();
                Conjuncts.Split(filter.Condition, all);
                all.AddRange(parts);
                return Push(filter.Input, all);
            case LogicalProject project:
                return PushThrough(
                    project,
                    project.Columns.Where(column => !HasSubquery(column.Expression)),
                    parts);
            case LogicalAggregate { Sets: null } aggregate:
                return PushThrough(aggregate, aggregate.Keys, parts);
            case LogicalWindow window:
                return PushThrough(window, Unchanged(PartitionColumns(window)), parts);
            case LogicalDistinct or LogicalSort:
                return PushThrough(node, Unchanged(node.Output), parts);
            case LogicalSetOperation operation:
                return PushIntoBoth(operation, parts);
            case LogicalJoin { Kind: JoinKind.Inner or JoinKind.Cross } join:
                return PushIntoInner(join, parts);
            case LogicalJoin { Kind: JoinKind.Left } join:
                return Rejects(parts, join.Right)
                    ? PushIntoInner(Of(JoinKind.Inner, join), parts)
                    : PushIntoLeft(join, parts);
            case LogicalJoin { Kind: JoinKind.Full } join when Rejects(parts, join.Left):
                return Push(Of(JoinKind.Left, join), parts);
            case LogicalJoin { IsHalf: true } join:
                return PushIntoHalf(join, parts);
            case LogicalApply apply:
                return PushIntoApply(apply, parts);
            default:
                LogicalNode[] children = [.. node.Children.Select(child => Push(child, []))];
                return Conjuncts.Filter(
                    children.Length == 0 ? node : node.WithChildren(children), parts);
        }
    }

    // Whether the conditions leave out the rows in which an outer join has filled up a side.
    private static bool Rejects(List<Expression> parts, LogicalNode side)
    {
        HashSet<int> columns = ColumnSets.Of(side.Output);
        return parts.Exists(part => NullRejection.Rejects(part, columns));
    }

    private static LogicalJoin Of(JoinKind kind, LogicalJoin join) =>
        new(kind, join.Left, join.Right, join.Condition);

    private static IEnumerable<ProjectedColumn> Unchanged(IEnumerable<OutputColumn> columns) =>
        columns.Select(column => new ProjectedColumn(
            new ColumnExpression(column.Id, column.Name, column.Type), column));

    /// <summary>A condition on whole partitions changes nothing within those that pass.</summary>
    private static IEnumerable<OutputColumn> PartitionColumns(LogicalWindow window)
    {
        HashSet<int> keys =
            [.. window.Partition.OfType<ColumnExpression>().Select(column => column.Id)];
        return window.Input.Output.Where(column => keys.Contains(column.Id));
    }

    private static bool HasSubquery(Expression expression) =>
        expression.Any(part => part is SubqueryExpression);

    private static LogicalNode PushThrough(
        LogicalNode node, IEnumerable<ProjectedColumn> columns, List<Expression> parts)
    {
        var definitions = new Dictionary<int, Expression>();
        foreach (ProjectedColumn column in columns)
        {
            if (ColumnSets.IsMovable(column.Expression))
            {
                definitions.TryAdd(column.Column.Id, column.Expression);
            }
        }

        var known = definitions.Keys.ToHashSet();
        var below = new List<Expression>();
        var above = new List<Expression>();
        foreach (Expression part in parts)
        {
            bool passes = ColumnSets.IsMovable(part) && ColumnSets.ReadsOnly(part, known)
                && (node is not (LogicalAggregate or LogicalWindow) || !ColumnSets.ReadsNone(part));
            if (passes)
            {
                below.Add(ColumnSets.Substitute(part, definitions));
            }
            else
            {
                above.Add(part);
            }
        }

        LogicalNode input = Push(node.Children[0], below);
        return Conjuncts.Filter(node.WithChildren([input]), above);
    }

    private static LogicalNode PushIntoBoth(
        LogicalSetOperation operation, List<Expression> parts)
    {
        List<Expression> movable = parts.FindAll(ColumnSets.IsMovable);
        List<Expression> above = parts.FindAll(part => !ColumnSets.IsMovable(part));
        LogicalNode left = Push(operation.Left, Rename(operation, operation.Left, movable));
        LogicalNode right = Push(operation.Right, Rename(operation, operation.Right, movable));
        return Conjuncts.Filter(operation.WithChildren([left, right]), above);
    }

    private static List<Expression> Rename(
        LogicalSetOperation operation, LogicalNode side, List<Expression> parts)
    {
        var definitions = new Dictionary<int, Expression>();
        for (int i = 0; i < operation.Output.Count; i++)
        {
            OutputColumn column = side.Output[i];
            definitions[operation.Output[i].Id] =
                new ColumnExpression(column.Id, column.Name, column.Type);
        }

        return [.. parts.Select(part => ColumnSets.Substitute(part, definitions))];
    }

    private static LogicalNode PushIntoInner(LogicalJoin join, List<Expression> parts)
    {
        var all = new List<Expression>();
        Conjuncts.Split(join.Condition, all);
        all.AddRange(parts);
        HashSet<int> leftColumns = ColumnSets.Of(join.Left.Output);
        HashSet<int> rightColumns = ColumnSets.Of(join.Right.Output);
        var left = new List<Expression>();
        var right = new List<Expression>();
        var both = new List<Expression>();
        var above = new List<Expression>();
        foreach (Expression part in all)
        {
            // Where a prediction is cheapest is known when the order of the joins is.
            bool isOfOne = ColumnSets.ReadsOnly(part, leftColumns)
                || ColumnSets.ReadsOnly(part, rightColumns);
            List<Expression> place = !ColumnSets.IsMovable(part)
                || (isOfOne && PredictionRule.HasPrediction(part)) ? above
                : ColumnSets.ReadsOnly(part, leftColumns) ? left
                : ColumnSets.ReadsOnly(part, rightColumns) ? right
                : both;
            place.Add(part);
            if (ReferenceEquals(place, both))
            {
                AddImplied(part, leftColumns, left);
                AddImplied(part, rightColumns, right);
            }
        }

        ImpliedConditions implied = Known(join, all);
        implied.AddFor(leftColumns, left);
        implied.AddFor(rightColumns, right);
        Expression? condition = Conjuncts.Join(both);
        LogicalNode joined = new LogicalJoin(
            condition is null ? JoinKind.Cross : JoinKind.Inner,
            Push(join.Left, left),
            Push(join.Right, right),
            condition);
        return Conjuncts.Filter(joined, above);
    }

    // What holds for all rows that a join puts together.
    private static ImpliedConditions Known(LogicalJoin join, List<Expression> parts)
    {
        var known = new List<Expression>(parts);
        ImpliedConditions.Collect(join.Left, known);
        ImpliedConditions.Collect(join.Right, known);
        return new ImpliedConditions(known.Where(ColumnSets.IsMovable));
    }

    private static void AddImplied(
        Expression part, HashSet<int> columns, List<Expression> side)
    {
        if (ConditionRule.ImpliedBy(part, columns) is { } implied)
        {
            side.Add(implied);
        }
    }

    private static LogicalNode PushIntoLeft(LogicalJoin join, List<Expression> parts)
    {
        HashSet<int> leftColumns = ColumnSets.Of(join.Left.Output);
        HashSet<int> rightColumns = ColumnSets.Of(join.Right.Output);
        bool PassesLeft(Expression part) =>
            ColumnSets.IsMovable(part) && ColumnSets.ReadsOnly(part, leftColumns);
        bool PassesRight(Expression part) =>
            ColumnSets.IsMovable(part) && ColumnSets.ReadsOnly(part, rightColumns)
            && !ColumnSets.ReadsNone(part);
        var on = new List<Expression>();
        Conjuncts.Split(join.Condition, on);
        List<Expression> ofRight = on.FindAll(PassesRight);
        Known(join, [.. parts.Where(PassesLeft), .. on]).AddFor(rightColumns, ofRight);
        LogicalNode left = Push(join.Left, parts.FindAll(PassesLeft));
        LogicalNode right = Push(join.Right, ofRight);
        Expression? condition = Conjuncts.Join(on.FindAll(part => !PassesRight(part)));
        return Conjuncts.Filter(
            new LogicalJoin(JoinKind.Left, left, right, condition),
            parts.FindAll(part => !PassesLeft(part)));
    }

    /// <summary>
    /// What is above a semi or anti join reads its left side. Of its own condition, what reads the
    /// right side only thins out the right side.
    /// </summary>
    private static LogicalNode PushIntoHalf(LogicalJoin join, List<Expression> parts)
    {
        HashSet<int> rightColumns = ColumnSets.Of(join.Right.Output);
        bool PassesRight(Expression part) =>
            ColumnSets.IsMovable(part) && ColumnSets.ReadsOnly(part, rightColumns)
            && !ColumnSets.ReadsNone(part);
        var on = new List<Expression>();
        Conjuncts.Split(join.Condition, on);
        List<Expression> ofLeft = parts.FindAll(ColumnSets.IsMovable);
        List<Expression> ofRight = on.FindAll(PassesRight);
        ImpliedConditions implied = Known(join, [.. ofLeft, .. on]);
        implied.AddFor(rightColumns, ofRight);
        if (join.Kind == JoinKind.Semi)
        {
            implied.AddFor(ColumnSets.Of(join.Left.Output), ofLeft);
        }

        LogicalNode left = Push(join.Left, ofLeft);
        LogicalNode right = Push(join.Right, ofRight);
        Expression? condition = Conjuncts.Join(on.FindAll(part => !PassesRight(part)));
        return Conjuncts.Filter(
            new LogicalJoin(join.Kind, left, right, condition),
            parts.FindAll(part => !ColumnSets.IsMovable(part)));
    }

    private static LogicalNode PushIntoApply(LogicalApply apply, List<Expression> parts)
    {
        HashSet<int> leftColumns = ColumnSets.Of(apply.Left.Output);
        bool PassesLeft(Expression part) =>
            ColumnSets.IsMovable(part) && ColumnSets.ReadsOnly(part, leftColumns);
        LogicalNode left = Push(apply.Left, parts.FindAll(PassesLeft));
        LogicalNode right = Push(apply.Right, []);
        return Conjuncts.Filter(
            apply.WithChildren([left, right]), parts.FindAll(part => !PassesLeft(part)));
    }
}
