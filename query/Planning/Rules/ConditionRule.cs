namespace NeuroDb.Query;

/// <summary>
/// Writes conditions in forms that other rules and scans can use: what all operands of an OR have
/// in common stands before it, one column equal to one of several values is IN, and a DATE is
/// compared with a DATE.
/// </summary>
internal static class ConditionRule
{
    /// <summary>The plan with its conditions rewritten.</summary>
    public static LogicalNode Apply(LogicalNode plan) => plan.Rewrite(static node =>
        node.MapExpressions(static expression => expression.Rewrite(Simplify)));

    /// <summary>
    /// What an OR says about the columns of one side alone: one of the operands holds, so what it
    /// says of them holds. Null if one operand says nothing.
    /// </summary>
    public static Expression? ImpliedBy(Expression condition, HashSet<int> columns)
    {
        if (condition is not LogicalExpression { IsAnd: false } or)
        {
            return null;
        }

        var operands = new List<Expression>();
        foreach (Expression operand in or.Children)
        {
            var parts = new List<Expression>();
            Conjuncts.Split(operand, parts);
            parts.RemoveAll(part => !IsPlain(part) || ColumnSets.ReadsNone(part)
                || !ColumnSets.ReadsOnly(part, columns));
            if (parts.Count == 0)
            {
                return null;
            }

            operands.Add(ExpressionFactory.And(parts));
        }

        return ExpressionFactory.Or(operands);
    }

    // It may be computed for rows that the whole condition would not have come to.
    private static bool IsPlain(Expression part) =>
        part is ComparisonExpression or InListExpression or IsNullExpression
        && part.Children.All(static child => child is ColumnExpression or ConstantExpression);

    private static Expression Simplify(Expression expression) => expression switch
    {
        LogicalExpression { IsAnd: false } or => List(or) ?? Factor(or),
        ComparisonExpression comparison => CompareDates(comparison),
        _ => expression,
    };

    // c = 1 OR c = 2 OR c IN (3, 4), which indexes and zones serve as a list.
    private static InListExpression? List(LogicalExpression or)
    {
        ColumnExpression? column = null;
        var items = new List<Expression>();
        foreach (Expression operand in or.Children)
        {
            bool isEqual = operand is ComparisonExpression { Operator: BinaryOperator.Equal };
            if ((!isEqual && operand is not InListExpression)
                || operand.Children[0] is not ColumnExpression found
                || (column is not null && column.Id != found.Id))
            {
                return null;
            }

            column = found;
            items.AddRange(operand.Children.Skip(1));
        }

        return items.TrueForAll(item => item is ConstantExpression or ParameterExpression
            && item.Type.Kind == column!.Type.Kind)
            ? new InListExpression([column!, .. items])
            : null;
    }

    private static Expression Factor(LogicalExpression or)
    {
        var branches = new List<List<Expression>>();
        foreach (Expression operand in or.Children)
        {
            var parts = new List<Expression>();
            Conjuncts.Split(operand, parts);
            branches.Add(parts);
        }

        List<Expression> common = branches[0].FindAll(part =>
            ColumnSets.IsMovable(part) && branches.TrueForAll(branch =>
                branch.Exists(other => ExpressionEquality.AreEqual(part, other))));
        if (common.Count == 0)
        {
            return or;
        }

        var rest = new List<Expression>();
        foreach (List<Expression> branch in branches)
        {
            branch.RemoveAll(part =>
                common.Exists(other => ExpressionEquality.AreEqual(part, other)));
            if (branch.Count == 0)
            {
                // The operand is what is common to all, so that the others add nothing.
                return ExpressionFactory.And(common);
            }

            rest.Add(ExpressionFactory.And(branch));
        }

        return ExpressionFactory.And([.. common, ExpressionFactory.Or(rest)]);
    }

    // A day is before a moment if it is before its day, or on it and the moment is not midnight.
    private static Expression CompareDates(ComparisonExpression comparison)
    {
        if (DayOf(comparison.Children[0]) is { } left
            && comparison.Children[1] is ConstantExpression { Value.IsNull: false } right)
        {
            long day = Math.DivRem(
                right.Value.AsInt64(), DateTimeText.MicrosecondsPerDay, out long rest);
            if (rest == 0 && right.Type.Kind == TypeKind.Timestamp)
            {
                return new ComparisonExpression(
                    comparison.Operator,
                    left,
                    new ConstantExpression(Value.OfDate(day), DataType.Date, right.Position));
            }
        }

        return comparison;
    }

    private static Expression? DayOf(Expression expression) =>
        expression is CastExpression { Kind: CastKind.Implicit } cast
        && cast.Type.Kind == TypeKind.Timestamp
        && cast.Children[0].Type.Kind == TypeKind.Date
            ? cast.Children[0]
            : null;
}
