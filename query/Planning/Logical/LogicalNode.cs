namespace NeuroDb.Query;

/// <summary>
/// One operation of a logical plan: what is computed, not how. Immutable; rules make new nodes.
/// Columns are known by identifier, so that a node may move without renumbering expressions.
/// </summary>
internal abstract class LogicalNode
{
    /// <summary>The columns that the node gives, in order.</summary>
    public abstract IReadOnlyList<OutputColumn> Output { get; }

    /// <summary>
    /// How many rows it is expected to give, once somebody asked <see cref="Cardinality"/>.
    /// </summary>
    public RowEstimate? Estimate { get; set; }

    /// <summary>The nodes that this one reads from.</summary>
    public virtual IReadOnlyList<LogicalNode> Children => [];

    /// <summary>The same operation over other inputs; as many as <see cref="Children"/>.</summary>
    public virtual LogicalNode WithChildren(IReadOnlyList<LogicalNode> children)
    {
        Invariant.Check(children.Count == 0);
        return this;
    }

    /// <summary>The same operation with every expression of its own replaced.</summary>
    public virtual LogicalNode MapExpressions(Func<Expression, Expression> map) => this;

    /// <summary>
    /// This node in the place of one that gives the same rows: what is expected of it stays.
    /// </summary>
    public LogicalNode InPlaceOf(LogicalNode before)
    {
        Estimate ??= before.Estimate;
        return this;
    }

    /// <summary>
    /// Rewrites bottom-up: inputs first, then this node through the function. Unchanged parts are
    /// shared.
    /// </summary>
    public LogicalNode Rewrite(Func<LogicalNode, LogicalNode> rewrite)
    {
        IReadOnlyList<LogicalNode> children = Children;
        LogicalNode[]? changed = null;
        for (int i = 0; i < children.Count; i++)
        {
            LogicalNode child = children[i].Rewrite(rewrite);
            if (!ReferenceEquals(child, children[i]))
            {
                changed ??= [.. children];
                changed[i] = child;
            }
        }

        return rewrite(changed is null ? this : WithChildren(changed).InPlaceOf(this));
    }
}
