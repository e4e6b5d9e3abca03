namespace NeuroDb.Query;

/// <summary>
/// A subquery as a value. It is run once for each different set of values that it takes from the
/// enclosing row, so a subquery that takes none is run once; the results are kept for the
/// execution, up to a bound. One that takes some and is volatile is run for each row.
/// </summary>
internal sealed class PlannedSubquery(
    SubqueryKind kind,
    PlanNode plan,
    Expression? operand,
    Expression[] captures,
    DataType type,
    bool isVolatile,
    SourcePosition position)
    : Expression(type)
{
    /// <summary>The plan of the query.</summary>
    public PlanNode Plan { get; } = plan;

    /// <summary>Whether it takes values from the enclosing row.</summary>
    public bool IsCorrelated => captures.Length > 0;

    /// <inheritdoc/>
    public override IReadOnlyList<Expression> Children { get; } =
        operand is null ? captures : [operand, .. captures];

    /// <inheritdoc/>
    public override bool IsDeterministic => false;

    /// <inheritdoc/>
    public override bool IsVolatile => isVolatile;

    /// <summary>The subqueries in an expression, outermost first.</summary>
    public static IEnumerable<PlannedSubquery> In(Expression expression)
    {
        IEnumerable<PlannedSubquery> inner = expression.Children.SelectMany(In);
        return expression is PlannedSubquery self ? inner.Prepend(self) : inner;
    }

    /// <inheritdoc/>
    public override ColumnBuffer Evaluate(RowBatch batch, ExecutionContext context)
    {
        if (batch.Count == 0)
        {
            return ColumnBuilder.Create(Type, 1).Build();
        }

        if (operand is not null && captures.Length == 0)
        {
            return Run([], 1, context)[0].ContainsAll(operand.Evaluate(batch, context), Type);
        }

        var inputs = new ColumnBuffer[captures.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = captures[i].Evaluate(batch, context);
        }

        SubqueryResult[] results = Run(inputs, batch.Count, context);
        ColumnBuilder builder = ColumnBuilder.Create(Type, batch.Count);
        ColumnBuffer? wanted = operand?.Evaluate(batch, context);
        for (int row = 0; row < results.Length; row++)
        {
            builder.Append(wanted is null
                ? results[row].Value
                : results[row].Contains(wanted, row));
        }

        return builder.Build();
    }

    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children)
    {
        Invariant.Check(children.Count == Children.Count);
        return operand is null
            ? new PlannedSubquery(kind, Plan, null, [.. children], Type, isVolatile, position)
            : new PlannedSubquery(
                kind, Plan, children[0], [.. children.Skip(1)], Type, isVolatile, position);
    }

    /// <inheritdoc/>
    public override string ToString() => kind switch
    {
        SubqueryKind.Exists => "EXISTS (subquery)",
        SubqueryKind.In => $"{operand} IN (subquery)",
        _ => "(subquery)",
    };

    /// <inheritdoc/>
    protected override bool FindRowIndependence() =>
        !isVolatile && Children.All(child => child.IsRowIndependent);

    private SubqueryResult[] Run(ColumnBuffer[] inputs, int count, ExecutionContext context)
    {
        var results = new SubqueryResult[count];
        if (isVolatile)
        {
            for (int row = 0; row < count; row++)
            {
                context.ThrowIfCancelled();
                results[row] = RunOnce(context.ForOuterRow(ValuesOf(inputs, row)));
            }

            return results;
        }

        SubqueryResults known = context.State.Get<SubqueryResults>(this);
        lock (known)
        {
            known.Find(inputs, captures, count, results, row =>
            {
                context.ThrowIfCancelled();
                return RunOnce(context.ForOuterRow(ValuesOf(inputs, row)));
            });
        }

        return results;
    }

    private static Value[] ValuesOf(ColumnBuffer[] inputs, int row)
    {
        var values = new Value[inputs.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = inputs[i].GetValue(row);
        }

        return values;
    }

    private SubqueryResult RunOnce(ExecutionContext context)
    {
        using BatchCursor cursor = Plan.Open(context);
        return kind switch
        {
            SubqueryKind.Exists => SubqueryResult.OfValue(Value.Of(cursor.Next() is not null)),
            SubqueryKind.In => SubqueryResult.OfSet(
                Plan.Output[0].Type, cursor, context, Plan),
            _ => SubqueryResult.OfValue(First(cursor, context)),
        };
    }

    private Value First(BatchCursor cursor, ExecutionContext context)
    {
        RowBatch? batch = cursor.Next();
        if (batch is null)
        {
            return Value.Null;
        }

        if (!context.ScalarSubqueryTakesFirst
            && (batch.Count > 1 || cursor.Next() is not null))
        {
            throw new NeuroStoreException(
                ErrorCode.MoreThanOneRow,
                "A subquery used as a value gave more than one row. Add LIMIT 1 or an aggregate, "
                + "or use IN.",
                position);
        }

        return batch.Columns[0].GetValue(0);
    }
}
