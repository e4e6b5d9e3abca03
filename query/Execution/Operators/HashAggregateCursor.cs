namespace NeuroDb.Query;

/// <summary>The state of a <see cref="HashAggregate"/> with keys.</summary>
internal sealed class HashAggregateCursor(HashAggregate plan, ExecutionContext context)
    : BatchCursor
{
    private readonly GroupTable _groups = new(plan.Keys.Select(key => key.Type));
    private readonly AggregateState[] _states =
        [.. plan.Steps.Select(step => step.Function.CreateState())];
    private readonly ColumnBuilder[] _firsts =
        [.. plan.Firsts.Select(first => ColumnBuilder.Create(first.Type))];
    private RowOutput? _output;

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        _output ??= new RowOutput(Run());
        return _output.Next();
    }

    private RowBatch Run()
    {
        using BatchCursor input = plan.Input.Open(context);
        int[] groups = [];
        while (input.Next() is { } batch)
        {
            context.ThrowIfCancelled();
            if (groups.Length < batch.Count)
            {
                groups = new int[batch.Count];
            }

            Take(batch, groups.AsSpan(0, batch.Count));
        }

        return Finish();
    }

    private void Take(RowBatch batch, Span<int> groups)
    {
        int known = _groups.Count;
        var keys = new ColumnBuffer[plan.Keys.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = plan.Keys[i].Evaluate(batch, context);
        }

        _groups.FindOrAdd(keys, batch.Count, groups);
        for (int i = 0; i < _states.Length; i++)
        {
            plan.Steps[i].Update(_states[i], batch, groups, _groups.Count, context);
        }

        if (_firsts.Length > 0 && _groups.Count > known)
        {
            TakeFirsts(batch, groups, known);
        }
    }

    private void TakeFirsts(RowBatch batch, ReadOnlySpan<int> groups, int known)
    {
        for (int i = 0; i < _firsts.Length; i++)
        {
            ColumnBuffer column = plan.Firsts[i].Evaluate(batch, context);
            int next = known;
            for (int row = 0; row < groups.Length; row++)
            {
                if (groups[row] == next)
                {
                    _firsts[i].AppendRow(column, row);
                    next++;
                }
            }
        }
    }

    private RowBatch Finish()
    {
        int count = _groups.Count;
        var columns = new List<ColumnBuffer>(plan.Output.Count);
        columns.AddRange(_groups.BuildKeys());
        foreach (AggregateState state in _states)
        {
            state.EnsureGroups(count);
            columns.Add(state.Finish());
        }

        columns.AddRange(_firsts.Select(first => first.Build()));
        return new RowBatch([.. columns], count);
    }
}
