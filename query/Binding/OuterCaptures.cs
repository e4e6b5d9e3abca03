namespace NeuroDb.Query;

/// <summary>
/// The values that a subquery takes from the enclosing row. Owned by the binding of one subquery;
/// slot i of its context's outer values holds expression i.
/// </summary>
internal sealed class OuterCaptures
{
    private readonly List<Expression> _expressions = [];

    /// <summary>The expressions over the enclosing query's columns, by slot.</summary>
    public IReadOnlyList<Expression> Expressions => _expressions;

    /// <summary>The expression that stands for an enclosing one inside the subquery.</summary>
    public OuterExpression Capture(Expression outer)
    {
        int slot = _expressions.FindIndex(known => ExpressionEquality.AreEqual(known, outer));
        if (slot < 0)
        {
            slot = _expressions.Count;
            _expressions.Add(outer);
        }

        return new OuterExpression(slot, outer.ToString(), outer.Type);
    }
}
