namespace NeuroDb.Query;

/// <summary>One aggregate of an aggregation, over ordinals of its input.</summary>
/// <param name="Function">The aggregate with its arguments.</param>
/// <param name="Filter">Which rows take part; null for all.</param>
internal sealed record AggregateStep(AggregateFunction Function, Expression? Filter)
{
    /// <summary>Whether states of several threads can be put together.</summary>
    public bool IsMergeable =>
        (!Function.IsDistinct || Function.Arguments.Count == 1)
        && Function.HasWindowForm
        && Function.Order.Count == 0;

    /// <summary>
    /// Takes the rows of a batch into their groups; the memo is of this batch.
    /// </summary>
    public void Update(
        AggregateState state,
        RowBatch batch,
        ReadOnlySpan<int> groups,
        int groupCount,
        ExecutionContext context,
        ScaledMemo memo)
    {
        state.Execution = context;
        state.EnsureGroups(groupCount);
        if (Filter is null)
        {
            if (state is DecimalSumState sums
                && ScaledDecimals.TryEvaluate(
                    Function.Arguments[0], batch, context, out ScaledValues scaled, memo)
                && DecimalSumState.CanTake(scaled, groups.Length))
            {
                sums.UpdateScaled(scaled, groups, memo);
                return;
            }

            state.Update(Evaluate(batch, context), groups);
            return;
        }

        int[]? rows = Conditions.Rows(Filter, batch, context);
        if (rows is null)
        {
            state.Update(Evaluate(batch, context), groups);
        }
        else if (rows.Length > 0)
        {
            var passing = new int[rows.Length];
            for (int i = 0; i < passing.Length; i++)
            {
                passing[i] = groups[rows[i]];
            }

            state.Update(Evaluate(batch.Gather(rows), context), passing);
        }
    }

    /// <summary>
    /// Takes the rows of a batch into the only group; the memo is of this batch.
    /// </summary>
    public void UpdateAll(
        AggregateState state, RowBatch batch, ExecutionContext context, ScaledMemo memo)
    {
        state.Execution = context;
        int[]? rows = Filter is null ? null : Conditions.Rows(Filter, batch, context);
        RowBatch passing = rows is null ? batch : batch.Gather(rows);
        if (passing.Count == 0)
        {
            return;
        }

        if (state is DecimalSumState sums
            && ScaledDecimals.TryEvaluate(
                Function.Arguments[0],
                passing,
                context,
                out ScaledValues scaled,
                rows is null ? memo : null)
            && DecimalSumState.CanTake(scaled, passing.Count))
        {
            sums.UpdateAllScaled(scaled, passing.Count);
        }
        else
        {
            state.UpdateAll(Evaluate(passing, context), passing.Count);
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Filter is null ? Function.ToString() : $"{Function} FILTER (WHERE {Filter})";

    private ColumnBuffer[] Evaluate(RowBatch batch, ExecutionContext context)
    {
        var columns = new ColumnBuffer[Function.Arguments.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = Function.Arguments[i].Evaluate(batch, context);
        }

        return columns;
    }
}
