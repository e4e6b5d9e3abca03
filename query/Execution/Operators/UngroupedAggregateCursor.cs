namespace NeuroDb.Query;

/// <summary>The state of a <see cref="HashAggregate"/> without keys: one group, always.</summary>
internal sealed class UngroupedAggregateCursor(HashAggregate plan, ExecutionContext context)
    : BatchCursor
{
    private bool _isDone;

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        if (_isDone)
        {
            return null;
        }

        _isDone = true;
        AggregateState[] states = [.. plan.Steps.Select(step => step.Function.CreateState())];
        foreach (AggregateState state in states)
        {
            state.EnsureGroups(1);
        }

        ColumnBuffer[]? firsts = null;
        using BatchCursor input = plan.Input.Open(context);
        while (input.Next() is { } batch)
        {
            context.ThrowIfCancelled();
            firsts ??= TakeFirsts(batch);
            for (int i = 0; i < states.Length; i++)
            {
                plan.Steps[i].UpdateAll(states[i], batch, context);
            }
        }

        firsts ??= [.. plan.Firsts.Select(
            first => ColumnBuffer.Constant(first.Type, Value.Null, 1))];
        return new RowBatch([.. states.Select(state => state.Finish()), .. firsts], 1);
    }

    private ColumnBuffer[] TakeFirsts(RowBatch batch)
    {
        RowBatch first = batch.Slice(0, 1);
        return [.. plan.Firsts.Select(item => item.Evaluate(first, context))];
    }
}
