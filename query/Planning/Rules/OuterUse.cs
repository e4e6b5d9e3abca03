namespace NeuroDb.Query;

/// <summary>
/// Whether something needs more than itself to be run: the values of an outer row.
/// </summary>
internal static class OuterUse
{
    /// <summary>Whether an expression uses outer values.</summary>
    public static bool In(Expression expression) =>
        expression.Any(part => part is OuterExpression);

    /// <summary>
    /// Whether a plan may use outer values; yes where it is not certain, as with LATERAL.
    /// </summary>
    public static bool In(LogicalNode plan)
    {
        bool uses = false;
        plan.Rewrite(node =>
        {
            node.MapExpressions(expression =>
            {
                uses |= In(expression);
                return expression;
            });
            return node;
        });
        return uses;
    }

    /// <summary>Whether a plan has expressions that each run computes anew.</summary>
    public static bool OfChance(LogicalNode plan)
    {
        bool uses = false;
        plan.Rewrite(node =>
        {
            node.MapExpressions(expression =>
            {
                uses |= expression.Any(static part => part.IsVolatile);
                return expression;
            });
            return node;
        });
        return uses;
    }

    /// <summary>Whether a plan reads the rows of a recursion that is not its own.</summary>
    public static bool OfRecursion(LogicalNode plan)
    {
        var own = new HashSet<WorkingTable>(ReferenceEqualityComparer.Instance);
        var used = new HashSet<WorkingTable>(ReferenceEqualityComparer.Instance);
        plan.Rewrite(node =>
        {
            _ = node switch
            {
                LogicalRecursion recursion => own.Add(recursion.Table),
                LogicalWorkingTable working => used.Add(working.Table),
                _ => false,
            };
            return node;
        });
        return !used.IsSubsetOf(own);
    }
}
