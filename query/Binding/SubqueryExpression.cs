namespace NeuroDb.Query;

/// <summary>
/// A query as a value, before planning. Its operands are, for IN, the value looked for, and then
/// the expressions of the enclosing row that the query uses, by slot; without any of the latter it
/// is run once for the whole statement.
/// </summary>
internal sealed class SubqueryExpression(
    SubqueryKind kind,
    LogicalNode query,
    Expression? operand,
    IReadOnlyList<Expression> captures,
    DataType type,
    SourcePosition position)
    : Expression(type)
{
    private bool? _isVolatile;

    /// <summary>How the rows become a value.</summary>
    public SubqueryKind Kind { get; } = kind;

    /// <summary>The query.</summary>
    public LogicalNode Query { get; } = query;

    /// <summary>The value looked for by IN; null otherwise.</summary>
    public Expression? Operand { get; } = operand;

    /// <summary>The expressions whose values the query finds in its outer slots.</summary>
    public IReadOnlyList<Expression> Captures { get; } = captures;

    /// <summary>Where the query stands in the statement.</summary>
    public SourcePosition Position { get; } = position;

    /// <inheritdoc/>
    public override IReadOnlyList<Expression> Children { get; } =
        operand is null ? captures : [operand, .. captures];

    /// <inheritdoc/>
    public override bool IsDeterministic => false;

    /// <summary>
    /// Whether it is run for each row, as in PostgreSQL; one without captures is run once anyway.
    /// </summary>
    public override bool IsVolatile =>
        _isVolatile ??= Captures.Count > 0 && OuterUse.OfChance(Query);

    /// <summary>Not possible: the planner plans the query before execution.</summary>
    public override ColumnBuffer Evaluate(RowBatch batch, ExecutionContext context) =>
        throw Invariant.Broken("a subquery is planned before execution");

    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children)
    {
        Invariant.Check(children.Count == Children.Count);
        return Operand is null
            ? new SubqueryExpression(Kind, Query, null, children, Type, Position)
            : new SubqueryExpression(
                Kind, Query, children[0], [.. children.Skip(1)], Type, Position);
    }

    /// <inheritdoc/>
    protected override bool FindRowIndependence() =>
        !IsVolatile && Children.All(child => child.IsRowIndependent);

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        SubqueryKind.Exists => "EXISTS (subquery)",
        SubqueryKind.In => $"{Operand} IN (subquery)",
        _ => "(subquery)",
    };
}
