namespace NeuroDb.Query;

/// <summary>
/// Pulls projections up above joins, so that inner joins inside derived tables, views and items of
/// WITH are ordered together with those around them, tables behind them are reached by their
/// indexes, and statistics know their columns. What a projection computes is computed of the joined
/// rows, unless that might cost more or mean something else: it stays where it is if a condition
/// of the joins reads it, if it asks a function of texts or a model, if its value may change from
/// one call to the next, or if an outer join would have made it NULL.
/// </summary>
internal static class PullUpRule
{
    /// <summary>The plan with its projections above joins.</summary>
    public static LogicalNode Apply(LogicalNode plan) =>
        HasBlocked(plan) ? Pull(ColumnPruningRule.Apply(plan)) : Pull(plan);

    // A column that nobody reads need not hold its projection back.
    private static bool HasBlocked(LogicalNode node) =>
        (node is LogicalJoin && node.Children.Any(static child =>
            child is LogicalProject project && !project.Columns.All(IsCheap)))
        || node.Children.Any(HasBlocked);

    private static LogicalNode Pull(LogicalNode node) => node switch
    {
        LogicalJoin { Kind: JoinKind.Inner or JoinKind.Cross } join => PullInner(join),
        LogicalJoin join => PullOuter(join),
        LogicalProject project => Merge(project, Pull(project.Input)),
        _ => node.Children.Count == 0 ? node : node.WithChildren([.. node.Children.Select(Pull)]),
    };

    private static LogicalNode PullInner(LogicalJoin root)
    {
        var leaves = new List<LogicalNode>();
        var conditions = new List<Expression>();
        JoinOrderRule.Flatten(root, leaves, conditions);
        var read = new HashSet<int>();
        conditions.ForEach(condition => ColumnSets.Collect(condition, read));
        int count = leaves.Count;
        var definitions = new Dictionary<int, Expression>();
        LogicalNode Replace(LogicalNode node)
        {
            if (node is LogicalJoin { Kind: JoinKind.Inner or JoinKind.Cross } join)
            {
                return With(join, Replace(join.Left), Replace(join.Right), definitions);
            }

            LogicalNode leaf = Pull(node);
            int added = leaf is LogicalProject { Input: var input } ? CountOf(input) - 1 : 0;
            if (added > 0 && count + added > JoinOrderRule.ExhaustiveTableCountMax)
            {
                return leaf;
            }

            LogicalNode below = Strip(leaf, read, definitions, mayCompute: true);
            count += ReferenceEquals(below, leaf) ? 0 : added;
            return below;
        }

        LogicalNode pulled = Replace(root);
        return definitions.Count == 0 ? pulled : Restore(pulled, root, definitions);
    }

    private static LogicalNode PullOuter(LogicalJoin join)
    {
        var read = new HashSet<int>();
        if (join.Condition is { } condition)
        {
            ColumnSets.Collect(condition, read);
        }

        var definitions = new Dictionary<int, Expression>();
        LogicalNode left = Strip(
            Pull(join.Left), read, definitions, mayCompute: join.Kind != JoinKind.Full);

        // What a semi or anti join computes on its right side nobody sees.
        LogicalNode right = Strip(
            Pull(join.Right), read, definitions, mayCompute: join.IsHalf);
        LogicalJoin pulled = With(join, left, right, definitions);
        return definitions.Count == 0 ? pulled : Restore(pulled, join, definitions);
    }

    /// <summary>
    /// What is below a projection, whose columns join the definitions; the node itself if it stays.
    /// </summary>
    private static LogicalNode Strip(
        LogicalNode node,
        HashSet<int> read,
        Dictionary<int, Expression> definitions,
        bool mayCompute)
    {
        if (node is not LogicalProject project || !project.Columns.All(column =>
            column.Expression is ColumnExpression
            || (mayCompute && IsCheap(column) && !read.Contains(column.Column.Id))))
        {
            return node;
        }

        foreach (ProjectedColumn column in project.Columns)
        {
            definitions.TryAdd(column.Column.Id, column.Expression);
        }

        return project.Input;
    }

    private static LogicalJoin With(
        LogicalJoin join,
        LogicalNode left,
        LogicalNode right,
        Dictionary<int, Expression> definitions) => new(
        join.Kind,
        left,
        right,
        join.Condition is { } condition && definitions.Count > 0
            ? ColumnSets.Substitute(condition, definitions)
            : join.Condition);

    private static LogicalNode Restore(
        LogicalNode pulled, LogicalNode before, Dictionary<int, Expression> definitions) =>
        new LogicalProject(pulled, [.. before.Output.Select(column => new ProjectedColumn(
            definitions.TryGetValue(column.Id, out Expression? definition)
                ? definition
                : new ColumnExpression(column.Id, column.Name, column.Type),
            column))]);

    // Two projections, one above the other, are one where nothing is computed twice by that.
    private static LogicalNode Merge(LogicalProject project, LogicalNode input)
    {
        if (input is not LogicalProject below)
        {
            return project.WithChildren([input]);
        }

        Dictionary<int, Expression> definitions = ColumnSets.DefinitionsOf(below);
        var seen = new HashSet<int>();
        bool isOnce = project.Columns.All(column => !column.Expression.Any(part =>
            part is ColumnExpression { Id: var id }
            && definitions.TryGetValue(id, out Expression? definition)
            && definition is not (ColumnExpression or ConstantExpression)
            && (!ColumnSets.IsMovable(definition) || !seen.Add(id))));
        return isOnce
            ? new LogicalProject(below.Input, [.. project.Columns.Select(column => column with
            {
                Expression = ColumnSets.Substitute(column.Expression, definitions),
            })])
            : project.WithChildren([input]);
    }

    private static int CountOf(LogicalNode node) =>
        node is LogicalJoin { Kind: JoinKind.Inner or JoinKind.Cross } join
            ? CountOf(join.Left) + CountOf(join.Right)
            : 1;

    // So little work that it does not matter how often it is done.
    private static bool IsCheap(ProjectedColumn column) =>
        !column.Expression.Any(static part => !IsCheap(part));

    private static bool IsCheap(Expression part) => part switch
    {
        ColumnExpression or ConstantExpression or ParameterExpression or OuterExpression => true,
        ArithmeticExpression or BitwiseExpression or ComparisonExpression or LogicalExpression
            or NotExpression or IsNullExpression or CaseExpression or CoalesceExpression => true,
        CastExpression or FunctionExpression => part.IsDeterministic
            && IsSmall(part.Type) && part.Children.All(static child => IsSmall(child.Type)),
        _ => false,
    };

    private static bool IsSmall(DataType type) =>
        type.Physical is PhysicalKind.Int64 or PhysicalKind.Double or PhysicalKind.Decimal;
}
