namespace NeuroDb.Query;

/// <summary>
/// The state of EXCEPT and INTERSECT: counts equal rows of the right side, then lets the rows of
/// the left side pass or not; who wants each row once takes it from there. NULL equals NULL. Where
/// the rows of the right side do not fit the memory of an operator, both sides are put on disk in
/// parts by the hash of their rows, and matched part by part.
/// </summary>
internal sealed class MatchCursor : BatchCursor
{
    private readonly SetOperation _plan;
    private readonly ExecutionContext _context;
    private readonly DataType[] _types;
    private readonly int _level;
    private GroupTable _rows;
    private long[] _counts = [];
    private long _size;
    private BatchCursor? _left;
    private BatchCursor? _right;
    private SpillPartitions? _leftParts;
    private SpillPartitions? _rightParts;
    private MatchCursor? _part;
    private int _nextPart;
    private bool _isStarted;

    /// <summary>Makes the state; nothing is read yet.</summary>
    public MatchCursor(SetOperation plan, ExecutionContext context)
        : this(plan, context, null, null, 0)
    {
    }

    // Of a part, whose right side has a last column that counts.
    private MatchCursor(
        SetOperation plan,
        ExecutionContext context,
        BatchCursor? left,
        BatchCursor? right,
        int level)
    {
        _plan = plan;
        _context = context;
        _left = left;
        _right = right;
        _level = level;
        _types = [.. plan.Left.Output.Select(static column => column.Type)];
        _rows = new GroupTable(_types, context.Arrays);
    }

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        if (!_isStarted)
        {
            _isStarted = true;
            CountRight();
            _left ??= _plan.Left.Open(_context);
            if (_rightParts is not null)
            {
                PartLeft();
            }
        }

        return _rightParts is null ? NextOf(_left!) : NextOfParts();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _rows.Release();
        _part?.Dispose();
        _left?.Dispose();
        _right?.Dispose();
        _leftParts?.Dispose();
        _rightParts?.Dispose();
        base.Dispose();
    }

    private RowBatch? NextOf(BatchCursor left)
    {
        while (left.Next() is { } batch)
        {
            _context.ThrowIfCancelled();
            var groups = new int[batch.Count];
            _rows.Find(batch.Columns, batch.Count, groups);
            int count = 0;
            for (int row = 0; row < groups.Length; row++)
            {
                if (Passes(groups[row]))
                {
                    groups[count++] = row;
                }
            }

            if (count > 0)
            {
                return count == batch.Count ? batch : batch.Gather(groups.AsSpan(0, count));
            }
        }

        return null;
    }

    private RowBatch? NextOfParts()
    {
        while (_part is not null || _nextPart < SpillPartitions.Count)
        {
            _context.ThrowIfCancelled();
            if (_part is null)
            {
                _part = new MatchCursor(
                    _plan,
                    _context,
                    _leftParts!.Open(_nextPart),
                    _rightParts!.Open(_nextPart),
                    _level + 1);
                _nextPart++;
            }

            if (_part.Next() is { } batch)
            {
                return batch;
            }

            _part.Dispose();
            _part = null;
        }

        return null;
    }

    private bool Passes(int group)
    {
        bool isMatched = group >= 0
            && (_plan.IsAll ? _counts[group]-- > 0 : _counts[group] > 0);
        return isMatched == _plan.IsIntersect;
    }

    private void CountRight()
    {
        bool isCounted = _right is not null;
        _right ??= _plan.Right.Open(_context);
        while (_right.Next() is { } batch)
        {
            _context.ThrowIfCancelled();
            RowBatch rows = isCounted
                ? batch
                : new RowBatch(
                    [.. batch.Columns, ColumnBuffer.Constant(
                        DataType.BigInt, Value.Of(1L), batch.Count)],
                    batch.Count);
            if (_rightParts is not null)
            {
                _rightParts.Add(rows, rows.Columns[..^1]);
                continue;
            }

            Count(rows);
            long size = _size + _rows.SlotSizeBytes;
            if (_context.Spill is null || _level == SpillPartitions.LevelMax)
            {
                _context.CheckKept(size, _plan);
            }
            else if (size > _context.OperatorMemoryBytes)
            {
                PartRight();
            }
        }

        _right.Dispose();
        _rightParts?.Complete();
    }

    private void Count(RowBatch rows)
    {
        int known = _rows.Count;
        var groups = new int[rows.Count];
        _rows.FindOrAdd(rows.Columns.AsSpan(0, _types.Length), rows.Count, groups);
        if (_counts.Length < _rows.Count)
        {
            Array.Resize(ref _counts, Math.Max(_rows.Count, 2 * _counts.Length));
        }

        ReadOnlySpan<long> counts = ((ColumnBuffer<long>)rows.Columns[^1]).Values;
        for (int row = 0; row < groups.Length; row++)
        {
            _counts[groups[row]] += counts[row];
        }

        _size += RowSizes.About(rows) * (_rows.Count - known) / Math.Max(1, rows.Count);
    }

    // What was counted so far goes into the parts; the rest of the right side follows.
    private void PartRight()
    {
        _rightParts = new SpillPartitions(
            _context.Spill!, _types.Append(DataType.BigInt), _types, _level);
        ColumnBuffer[] keys = _rows.ViewKeys();
        int count = _rows.Count;
        var counts = new ColumnBuffer<long>(
            DataType.BigInt, _counts, 0, count, NullMask.None);
        for (int start = 0; start < count; start += Limits.ChunkRowCount)
        {
            RowBatch rows = new RowBatch([.. keys, counts], count)
                .Slice(start, Math.Min(Limits.ChunkRowCount, count - start));
            _rightParts.Add(rows, rows.Columns[..^1]);
        }

        _rows.Release();
        _rows = new GroupTable(_types, _context.Arrays);
        _counts = [];
        _size = 0;
    }

    private void PartLeft()
    {
        _leftParts = new SpillPartitions(_context.Spill!, _types, _types, _level);
        while (_left!.Next() is { } batch)
        {
            _context.ThrowIfCancelled();
            _leftParts.Add(batch, batch.Columns);
        }

        _leftParts.Complete();
        _context.Profile?.Find(_plan)?.CountSpilled(
            _leftParts.LengthBytes + _rightParts!.LengthBytes);
    }
}
