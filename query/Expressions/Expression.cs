namespace NeuroDb.Query;

/// <summary>
/// A bound, typed expression. Immutable and shared between executions; evaluation works on whole
/// batches. The binder makes expressions with <see cref="ColumnExpression"/> leaves; the planner
/// turns these into <see cref="OrdinalExpression"/> for the batch at hand.
/// </summary>
internal abstract class Expression(DataType type)
{
    private bool? _isRowIndependent;

    /// <summary>The type of every value that evaluation gives.</summary>
    public DataType Type { get; } = type;

    /// <summary>The operands, in order; empty for leaves.</summary>
    public virtual IReadOnlyList<Expression> Children => [];

    /// <summary>
    /// Whether equal inputs always give equal outputs and nothing outside the row is read, so that
    /// an expression without columns and parameters may be computed once.
    /// </summary>
    public virtual bool IsDeterministic => true;

    /// <summary>
    /// Whether it is computed for each row anew, even where all that it reads is the same.
    /// </summary>
    public virtual bool IsVolatile => false;

    /// <summary>
    /// Whether all rows of one execution give the same value, so that one row stands for all:
    /// constants, parameters, outer values and deterministic operations on them.
    /// </summary>
    public bool IsRowIndependent => _isRowIndependent ??= FindRowIndependence();

    /// <summary>
    /// Evaluates all rows of a batch; the result has as many values as the batch.
    /// </summary>
    public abstract ColumnBuffer Evaluate(RowBatch batch, ExecutionContext context);

    /// <summary>
    /// The same operation over other operands; as many as <see cref="Children"/>.
    /// </summary>
    public virtual Expression WithChildren(IReadOnlyList<Expression> children)
    {
        Invariant.Check(children.Count == 0);
        return this;
    }

    /// <summary>
    /// Rewrites bottom-up: children first, then this node through the function. Unchanged parts
    /// are shared.
    /// </summary>
    public Expression Rewrite(Func<Expression, Expression> rewrite)
    {
        IReadOnlyList<Expression> children = Children;
        Expression[]? changed = null;
        for (int i = 0; i < children.Count; i++)
        {
            Expression child = children[i].Rewrite(rewrite);
            if (!ReferenceEquals(child, children[i]))
            {
                changed ??= [.. children];
                changed[i] = child;
            }
        }

        return rewrite(changed is null ? this : WithChildren(changed));
    }

    /// <summary>Whether any node of the tree satisfies a condition.</summary>
    public bool Any(Func<Expression, bool> condition)
    {
        if (condition(this))
        {
            return true;
        }

        foreach (Expression child in Children)
        {
            if (child.Any(condition))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Computes <see cref="IsRowIndependent"/>, once for each node.</summary>
    protected virtual bool FindRowIndependence() =>
        IsDeterministic && Children.Count > 0 && Children.All(child => child.IsRowIndependent);

    /// <summary>The expression as SQL-like text, for EXPLAIN and messages.</summary>
    public abstract override string ToString();
}
