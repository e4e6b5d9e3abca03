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
        (AggregateState[] states, ColumnBuffer[]? firsts) = Run();
        firsts ??= [.. plan.Firsts.Select(
            first => ColumnBuffer.Constant(first.Type, Value.Null, 1))];
        var row = new RowBatch([.. states.Select(state => state.Finish()), .. firsts], 1);
        Array.ForEach(states, static state => state.Release());
        return row;
    }

    private (AggregateState[] States, ColumnBuffer[]? Firsts) Run()
    {
        if (plan.ParallelInput(context) is not { } pipeline)
        {
            using BatchCursor input = plan.Input.Open(context);
            return Take(input);
        }

        pipeline.Prepare();
        (AggregateState[] States, ColumnBuffer[]? Firsts)[] runs =
            Lanes.Run(pipeline, context, Take);
        ColumnBuffer[]? firsts = runs[0].Firsts;
        for (int i = 1; i < runs.Length; i++)
        {
            firsts ??= runs[i].Firsts;
            for (int j = 0; j < runs[0].States.Length; j++)
            {
                runs[0].States[j].Merge(0, runs[i].States[j], 0);
                runs[i].States[j].Release();
            }
        }

        return (runs[0].States, firsts);
    }

    private (AggregateState[] States, ColumnBuffer[]? Firsts) Take(BatchCursor input)
    {
        AggregateState[] states = [.. plan.Steps.Select(step => step.Function.CreateState())];
        foreach (AggregateState state in states)
        {
            state.Arrays = context.Arrays;
            state.EnsureGroups(1);
        }

        var memo = new ScaledMemo();
        ColumnBuffer[]? firsts = null;
        while (input.Next() is { } batch)
        {
            context.ThrowIfCancelled();
            firsts ??= TakeFirsts(batch);
            memo.Begin();
            for (int i = 0; i < states.Length; i++)
            {
                plan.Steps[i].UpdateAll(states[i], batch, context, memo);
            }
        }

        return (states, firsts);
    }

    private ColumnBuffer[] TakeFirsts(RowBatch batch)
    {
        RowBatch first = batch.Slice(0, 1);
        return [.. plan.Firsts.Select(item => item.Evaluate(first, context))];
    }
}
