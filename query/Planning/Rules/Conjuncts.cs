namespace NeuroDb.Query;

/// <summary>Takes conditions apart at AND and puts them together again.</summary>
internal static class Conjuncts
{
    /// <summary>Adds the parts of a condition that must all hold, in order.</summary>
    public static void Split(Expression? condition, List<Expression> parts)
    {
        if (condition is LogicalExpression { IsAnd: true } and)
        {
            foreach (Expression operand in and.Children)
            {
                Split(operand, parts);
            }
        }
        else if (condition is not null && !IsTrue(condition))
        {
            parts.Add(condition);
        }
    }

    /// <summary>The condition that all parts hold; null for none.</summary>
    public static Expression? Join(IReadOnlyList<Expression> parts) =>
        parts.Count == 0 ? null : ExpressionFactory.And(parts);

    /// <summary>The rows of a node for which all parts hold.</summary>
    public static LogicalNode Filter(LogicalNode input, IReadOnlyList<Expression> parts)
    {
        if (parts.Any(IsNeverTrue))
        {
            return new LogicalValues(input.Output, []);
        }

        return Join(parts) is { } condition ? new LogicalFilter(input, condition) : input;
    }

    private static bool IsTrue(Expression condition) =>
        condition is ConstantExpression { Value: { IsNull: false } value } && value.AsBoolean();

    private static bool IsNeverTrue(Expression condition) =>
        condition is ConstantExpression { Value: var value }
        && (value.IsNull || !value.AsBoolean());
}
