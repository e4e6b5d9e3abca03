namespace NeuroDb.Query;

/// <summary>
/// Finds the first rows of each group by a distance: <c>row_number() OVER (PARTITION BY g ORDER BY
/// v &lt;-&gt; q) &lt;= k</c>, with <c>rank()</c> and the first <c>dense_rank()</c> too, and
/// <c>DISTINCT ON (g)</c>. The table below becomes the nearest rows of each group, and the window
/// looks at these alone.
/// </summary>
internal static class NearestGroupsRule
{
    /// <summary>The plan with such tables replaced.</summary>
    public static LogicalNode Apply(LogicalNode plan, ColumnIdentifiers identifiers) =>
        plan.Rewrite(node => node switch
        {
            LogicalFilter filter => OfWindow(filter, filter.Input, identifiers) ?? node,
            LogicalAggregate { Sets: null, Aggregates.Count: 0, Input: LogicalSort sort } first =>
                OfFirsts(first, sort, identifiers) ?? node,
            _ => node,
        });

    private static LogicalNode? OfWindow(
        LogicalFilter filter, LogicalNode node, ColumnIdentifiers identifiers)
    {
        var parts = new List<Expression>();
        Conjuncts.Split(filter.Condition, parts);
        var projects = new Stack<LogicalProject>();
        for (; node is LogicalProject project; node = project.Input)
        {
            parts = [.. parts.Select(part => ColumnSets.Through(project, part))];
            projects.Push(project);
        }

        // What these count of a row are rows before it.
        if (node is not LogicalWindow { Order: [_] } window
            || !window.Functions.All(static item => item.Call.Kind is WindowKind.RowNumber
                or WindowKind.Rank or WindowKind.DenseRank)
            || window.Partition.Count == 0
            || LimitOf(parts, window, out bool isWithTies) is not { } limit
            || Nearest(
                window.Input,
                window.Order[0],
                window.Partition,
                limit,
                isWithTies,
                identifiers) is not { } nearest)
        {
            return null;
        }

        LogicalNode result = window.WithChildren([nearest]);
        while (projects.TryPop(out LogicalProject? project))
        {
            result = project.WithChildren([result]);
        }

        return filter.WithChildren([result]);
    }

    // The order begins with the groups, and the distance follows.
    private static LogicalNode? OfFirsts(
        LogicalAggregate first, LogicalSort sort, ColumnIdentifiers identifiers)
    {
        Expression Below(Expression expression) => sort.Input is LogicalProject project
            ? ColumnSets.Through(project, expression)
            : expression;
        Expression[] groups = [.. first.Keys.Select(static key => key.Expression)];
        SortKey[] rest = [.. sort.Keys.Where(key => !groups.Any(group =>
            ExpressionEquality.AreEqual(Below(group), Below(key.Expression))))];
        bool isFirst = rest.Length == 1 && groups.Length == sort.Keys.Count - 1
            && ReferenceEquals(rest[0], sort.Keys[^1]);
        var one = new ConstantExpression(Value.Of(1L), DataType.BigInt);
        return groups.Length > 0 && isFirst
            && Nearest(sort.Input, rest[0], groups, one, isWithTies: false, identifiers)
                is { } nearest
                ? first.WithChildren([sort.WithChildren([nearest])])
                : null;
    }

    private static LogicalProject? Nearest(
        LogicalNode input,
        SortKey key,
        IReadOnlyList<Expression> groups,
        Expression limit,
        bool isWithTies,
        ColumnIdentifiers identifiers)
    {
        if (!NearestRowsRule.HasDistance(input) && !NearestRowsRule.Ranks(key.Expression))
        {
            return null;
        }

        var path = new NearestPath([key], limit, null, identifiers)
        {
            Groups = groups,
            IsWithTies = isWithTies,
        };
        return path.TryReplace(ColumnPruningRule.Apply(input)) is { } found
            ? LogicalProject.Of(JoinOrderRule.Apply(found.Node), input.Output)
            : null;
    }

    // The most rows of a group that a condition lets pass, or more; null if unknown.
    private static Expression? LimitOf(
        List<Expression> parts, LogicalWindow window, out bool isWithTies)
    {
        isWithTies = false;
        foreach (WindowKind kind in (WindowKind[])
            [WindowKind.RowNumber, WindowKind.Rank, WindowKind.DenseRank])
        {
            isWithTies = kind != WindowKind.RowNumber;
            if (parts.Select(part => LimitOf(part, window, kind)).FirstOrDefault(
                    static limit => limit is not null) is { } limit
                && (kind != WindowKind.DenseRank || IsOne(limit)))
            {
                return limit;
            }
        }

        return null;
    }

    // The rows of the first dense_rank() are those of the first rank().
    private static bool IsOne(Expression limit) =>
        limit is ConstantExpression { Value: { IsNull: false } value } && value.AsInt64() <= 1;

    private static Expression? LimitOf(Expression part, LogicalWindow window, WindowKind kind)
    {
        if (part is not ComparisonExpression comparison)
        {
            return null;
        }

        Expression left = comparison.Children[0];
        Expression right = comparison.Children[1];
        bool isLeft = IsNumber(left, window, kind);
        bool isUpper = comparison.Operator switch
        {
            BinaryOperator.Equal => true,
            BinaryOperator.Less or BinaryOperator.LessOrEqual => isLeft,
            BinaryOperator.Greater or BinaryOperator.GreaterOrEqual => !isLeft,
            _ => false,
        };
        Expression limit = isLeft ? right : left;
        return isUpper && (isLeft || IsNumber(right, window, kind))
            && limit.IsRowIndependent && limit.Type.IsInteger
            && !limit.Any(static inner => inner is SubqueryExpression)
                ? limit
                : null;
    }

    private static bool IsNumber(
        Expression expression, LogicalWindow window, WindowKind kind) =>
        expression is ColumnExpression column
        && window.Functions.Any(item =>
            item.Column.Id == column.Id && item.Call.Kind == kind);
}
