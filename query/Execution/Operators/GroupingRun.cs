namespace NeuroDb.Query;

/// <summary>
/// The groups of a <see cref="HashAggregate"/> with keys, of one thread: their keys and what the
/// aggregates hold of them. Disposing gives the memory back for other runs.
/// </summary>
internal sealed class GroupingRun : IDisposable
{
    // Between two looks for cancellation.
    private const int MergedGroupCountMax = 1 << 14;

    private readonly HashAggregate _plan;
    private readonly ExecutionContext _context;
    private readonly GroupTable _groups;
    private readonly AggregateState[] _states;
    private readonly ColumnBuilder[] _firsts;
    private readonly ScaledMemo _memo = new();
    private readonly long _groupSizeBytes;
    private bool _isPart;
    private long _fullSizeBytes;
    private int[] _groupOfRow = [];
    private GroupOutput? _output;

    /// <summary>Starts without groups.</summary>
    public GroupingRun(HashAggregate plan, ExecutionContext context)
    {
        _plan = plan;
        _context = context;
        IEnumerable<DataType> keys = plan.Keys.Select(key => key.Type);
        _groups = new GroupTable(
            plan.Sets is null ? keys : keys.Append(DataType.BigInt), context.Arrays);
        _states = [.. plan.Steps.Select(step => step.Function.CreateState())];
        foreach (AggregateState state in _states)
        {
            state.Arrays = context.Arrays;
        }

        _firsts = [.. plan.Firsts.Select(first => ColumnBuilder.Create(first.Type))];
        _groupSizeBytes = plan.Keys.Concat(plan.Firsts).Sum(
            static key => 8 + RowSizes.WidthOf(key.Type)) + (24L * _states.Length);
    }

    /// <summary>Takes all rows of an input, whose groups stay in memory.</summary>
    public void TakeAll(BatchCursor input)
    {
        while (input.Next() is { } batch)
        {
            _context.ThrowIfCancelled();
            Take(batch);
            _context.CheckKept(SizeBytes, _plan);
        }
    }

    /// <summary>
    /// Takes all rows of an input, but ends early when the groups of all threads are too many.
    /// </summary>
    public void TakeAll(BatchCursor input, RowMeter meter)
    {
        long counted = 0;
        while (!meter.IsExceeded && input.Next() is { } batch)
        {
            _context.ThrowIfCancelled();
            Take(batch);
            long size = SizeBytes;
            meter.Add(size - counted);
            counted = size;
        }
    }

    /// <summary>
    /// Takes all rows of an input. Once the groups do not fit the memory of an operator, rows of
    /// other groups are put into parts on disk, which are given back; null if none were. With sets
    /// of keys, a row is put there once for each set, whose number is its last column.
    /// </summary>
    public SpillPartitions? TakeAll(BatchCursor input, int level)
    {
        _isPart = level > 0;
        SpillPartitions? others = null;
        bool isFull = false;
        while (input.Next() is { } batch)
        {
            _context.ThrowIfCancelled();
            if (!isFull && (!_isPart || _plan.Sets is null))
            {
                Take(batch);
            }
            else
            {
                foreach ((RowBatch rows, ColumnBuffer[] keys) in OfSets(batch))
                {
                    if (isFull)
                    {
                        others ??= NewParts(level);
                        TakeKnown(rows, keys, others);
                    }
                    else
                    {
                        Take(rows, keys);
                    }
                }
            }

            if (level == SpillPartitions.LevelMax)
            {
                _context.CheckKept(SizeBytes, _plan);
            }
            else if (!isFull && SizeBytes > _context.OperatorMemoryBytes)
            {
                isFull = true;
                _fullSizeBytes = SizeBytes;
            }
        }

        others?.Complete();
        return others;
    }

    private SpillPartitions NewParts(int level)
    {
        DataType[] set = _plan.Sets is null ? [] : [DataType.BigInt];
        return new SpillPartitions(
            _context.Spill!,
            _plan.Input.Output.Select(static column => column.Type).Concat(set),
            _plan.Keys.Select(static key => key.Type).Concat(set),
            level);
    }

    // The rows with their keys, for each set of keys; those of a part say which set they are for.
    private IEnumerable<(RowBatch Rows, ColumnBuffer[] Keys)> OfSets(RowBatch batch)
    {
        ColumnBuffer[] keys = HashJoinBuild.Evaluate(_plan.Keys, batch, _context);
        if (_plan.Sets is null)
        {
            yield return (batch, keys);
            yield break;
        }

        for (int set = 0; set < _plan.Sets.Count; set++)
        {
            if (!_isPart)
            {
                ColumnBuffer[] own = KeysOf(set, keys, batch.Count);
                yield return (new RowBatch([.. batch.Columns, own[^1]], batch.Count), own);
                continue;
            }

            int[] rows = RowsOf(set, (ColumnBuffer<long>)batch.Columns[^1]);
            if (rows.Length > 0)
            {
                ColumnBuffer[] some = [.. keys.Select(key => key.Gather(rows))];
                yield return (batch.Gather(rows), KeysOf(set, some, rows.Length));
            }
        }
    }

    private static int[] RowsOf(int set, ColumnBuffer<long> sets)
    {
        var rows = new List<int>();
        for (int row = 0; row < sets.Count; row++)
        {
            if (sets.Values[row] == set)
            {
                rows.Add(row);
            }
        }

        return [.. rows];
    }

    /// <summary>Takes rows.</summary>
    public void Take(RowBatch batch)
    {
        ColumnBuffer[] keys = HashJoinBuild.Evaluate(_plan.Keys, batch, _context);
        if (_plan.Sets is null)
        {
            Take(batch, keys);
            return;
        }

        for (int set = 0; set < _plan.Sets.Count; set++)
        {
            Take(batch, KeysOf(set, keys, batch.Count));
        }
    }

    /// <summary>Takes the groups of another run, whose rows come after those of this one.</summary>
    public void Merge(GroupingRun other)
    {
        int known = _groups.Count;
        int count = other._groups.Count;
        int[] groups = _context.Arrays.Rent<int>(count, isCleared: false);
        ColumnBuffer[] keys = other._groups.ViewKeys();
        for (int start = 0; start < count; start += MergedGroupCountMax)
        {
            _context.ThrowIfCancelled();
            int some = Math.Min(MergedGroupCountMax, count - start);
            _groups.FindOrAdd(
                [.. keys.Select(key => key.Slice(start, some))],
                some,
                groups.AsSpan(start, some));
        }

        for (int i = 0; i < _states.Length; i++)
        {
            _context.ThrowIfCancelled();
            other._states[i].EnsureGroups(count);
            _states[i].EnsureGroups(_groups.Count);
            _states[i].MergeAll(other._states[i], groups.AsSpan(0, count));
        }

        for (int i = 0; i < _firsts.Length; i++)
        {
            AppendNew(_firsts[i], other._firsts[i].Build(), groups.AsSpan(0, count), known);
        }

        _context.Arrays.Return(groups);
        other.Dispose();
    }

    /// <summary>
    /// The rows of the next groups, in memory of their own; null at the end. Nothing may be taken
    /// any more.
    /// </summary>
    public RowBatch? Next()
    {
        if (_output is null)
        {
            AddTotals();
            _output = new GroupOutput(_plan, _groups, _states, _firsts);
        }

        return _output.Next();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _groups.Release();
        foreach (AggregateState state in _states)
        {
            state.Release();
        }
    }

    // What the groups take, about: keys, slots of the table, and what aggregates hold of each.
    private long SizeBytes
    {
        get
        {
            long size = _groups.SlotSizeBytes + (_groups.Count * _groupSizeBytes);
            foreach (AggregateState state in _states)
            {
                size += state.HeldBytes;
            }

            return size;
        }
    }

    private void TakeKnown(RowBatch batch, ColumnBuffer[] keys, SpillPartitions others)
    {
        var groups = new int[batch.Count];
        _groups.Find(keys, batch.Count, groups);
        var known = new int[batch.Count];
        var unknown = new int[batch.Count];
        int knownCount = 0;
        int unknownCount = 0;
        for (int row = 0; row < groups.Length; row++)
        {
            if (groups[row] >= 0)
            {
                groups[knownCount] = groups[row];
                known[knownCount++] = row;
            }
            else
            {
                unknown[unknownCount++] = row;
            }
        }

        if (knownCount > 0)
        {
            RowBatch rows = batch.Gather(known.AsSpan(0, knownCount));
            _context.CheckKept(SizeBytes - _fullSizeBytes, _plan);
            _memo.Begin();
            for (int i = 0; i < _states.Length; i++)
            {
                _plan.Steps[i].Update(
                    _states[i],
                    rows,
                    groups.AsSpan(0, knownCount),
                    _groups.Count,
                    _context,
                    _memo);
            }
        }

        if (unknownCount > 0)
        {
            ReadOnlySpan<int> rows = unknown.AsSpan(0, unknownCount);
            var spilled = new ColumnBuffer[keys.Length];
            for (int i = 0; i < keys.Length; i++)
            {
                spilled[i] = keys[i].Gather(rows);
            }

            others.Add(batch.Gather(rows), spilled);
        }
    }

    private static void AppendNew(
        ColumnBuilder first, ColumnBuffer values, ReadOnlySpan<int> groups, int known)
    {
        int next = known;
        for (int row = 0; row < groups.Length; row++)
        {
            if (groups[row] == next)
            {
                first.AppendRow(values, row);
                next++;
            }
        }
    }

    private ColumnBuffer[] KeysOf(int set, ColumnBuffer[] keys, int count)
    {
        var columns = new ColumnBuffer[keys.Length + 1];
        for (int i = 0; i < keys.Length; i++)
        {
            columns[i] = _plan.Sets![set].Contains(i)
                ? keys[i]
                : ColumnLoops.AllNull(_plan.Keys[i].Type, count);
        }

        columns[^1] = ColumnBuffer.Constant(DataType.BigInt, Value.Of((long)set), count);
        return columns;
    }

    private void Take(RowBatch batch, ColumnBuffer[] keys)
    {
        if (_groupOfRow.Length < batch.Count)
        {
            _groupOfRow = new int[batch.Count];
        }

        int known = _groups.Count;
        Span<int> groups = _groupOfRow.AsSpan(0, batch.Count);
        _groups.FindOrAdd(keys, batch.Count, groups);
        _memo.Begin();
        for (int i = 0; i < _states.Length; i++)
        {
            _plan.Steps[i].Update(_states[i], batch, groups, _groups.Count, _context, _memo);
        }

        if (_firsts.Length > 0 && _groups.Count > known)
        {
            for (int i = 0; i < _firsts.Length; i++)
            {
                AppendNew(
                    _firsts[i], _plan.Firsts[i].Evaluate(batch, _context), groups, known);
            }
        }
    }

    // A set without columns has a group also where there is no row.
    private void AddTotals()
    {
        for (int set = 0; !_isPart && set < (_plan.Sets?.Count ?? 0); set++)
        {
            if (_plan.Sets![set].Length == 0)
            {
                int known = _groups.Count;
                ColumnBuffer[] none =
                    [.. _plan.Keys.Select(key => ColumnLoops.AllNull(key.Type, 1))];
                _groups.FindOrAdd(KeysOf(set, none, 1), 1, new int[1]);
                foreach (ColumnBuilder first in _groups.Count > known ? _firsts : [])
                {
                    first.AppendNull();
                }
            }
        }
    }
}
