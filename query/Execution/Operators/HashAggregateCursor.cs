namespace NeuroDb.Query;

/// <summary>The state of a <see cref="HashAggregate"/> with keys.</summary>
internal sealed class HashAggregateCursor(HashAggregate plan, ExecutionContext context)
    : BatchCursor
{
    private readonly GroupTable _groups = new(plan.Sets is null
        ? plan.Keys.Select(key => key.Type)
        : plan.Keys.Select(key => key.Type).Append(DataType.BigInt));

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
        var keys = new ColumnBuffer[plan.Keys.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = plan.Keys[i].Evaluate(batch, context);
        }

        if (plan.Sets is null)
        {
            Take(batch, keys, groups);
            return;
        }

        for (int set = 0; set < plan.Sets.Count; set++)
        {
            Take(batch, KeysOf(set, keys, batch.Count), groups);
        }
    }

    /// <summary>The keys of a grouping set, the others NULL, and the number of the set.</summary>
    private ColumnBuffer[] KeysOf(int set, ColumnBuffer[] keys, int count)
    {
        var columns = new ColumnBuffer[keys.Length + 1];
        for (int i = 0; i < keys.Length; i++)
        {
            columns[i] = plan.Sets![set].Contains(i)
                ? keys[i]
                : ColumnLoops.AllNull(plan.Keys[i].Type, count);
        }

        columns[^1] = ColumnBuffer.Constant(DataType.BigInt, Value.Of((long)set), count);
        return columns;
    }

    private void Take(RowBatch batch, ColumnBuffer[] keys, Span<int> groups)
    {
        int known = _groups.Count;
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

    /// <summary>A set without keys has its group even without rows.</summary>
    private void AddTotals()
    {
        for (int set = 0; set < (plan.Sets?.Count ?? 0); set++)
        {
            if (plan.Sets![set].Length == 0)
            {
                int known = _groups.Count;
                ColumnBuffer[] none =
                    [.. plan.Keys.Select(key => ColumnLoops.AllNull(key.Type, 1))];
                _groups.FindOrAdd(KeysOf(set, none, 1), 1, new int[1]);
                foreach (ColumnBuilder first in _groups.Count > known ? _firsts : [])
                {
                    first.AppendNull();
                }
            }
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
        AddTotals();
        int count = _groups.Count;
        var columns = new List<ColumnBuffer>(plan.Output.Count);
        ColumnBuffer[] keys = _groups.BuildKeys();
        columns.AddRange(keys.Take(plan.Keys.Length));
        foreach (AggregateState state in _states)
        {
            state.EnsureGroups(count);
            columns.Add(state.Finish());
        }

        columns.AddRange(_firsts.Select(first => first.Build()));
        columns.AddRange(keys.Skip(plan.Keys.Length));
        return new RowBatch([.. columns], count);
    }
}
