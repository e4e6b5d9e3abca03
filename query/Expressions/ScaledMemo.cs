namespace NeuroDb.Query;

/// <summary>
/// What was computed of one batch in the form of <see cref="ScaledValues"/>: aggregates over the
/// same column or the same product share it, and the memory serves the next batch. Expressions are
/// the same if they are one object. For one thread.
/// </summary>
internal sealed class ScaledMemo
{
    private readonly List<(Expression Expression, bool IsScaled, ScaledValues Values)> _known = [];
    private readonly List<long[]> _rooms = [];
    private int _taken;
    private long[]? _groups;
    private int[] _counts = [];
    private bool _hasGroups;

    /// <summary>Forgets the batch before; what was given of it is not read any more.</summary>
    public void Begin()
    {
        _known.Clear();
        _taken = 0;
        _hasGroups = false;
    }

    /// <summary>Whether an expression was tried, and what came of it.</summary>
    public bool TryFind(Expression expression, out bool isScaled, out ScaledValues values)
    {
        foreach ((Expression known, bool wasScaled, ScaledValues found) in _known)
        {
            if (ReferenceEquals(known, expression))
            {
                (isScaled, values) = (wasScaled, found);
                return true;
            }
        }

        (isScaled, values) = (false, default);
        return false;
    }

    /// <summary>Keeps what came of an expression.</summary>
    public void Add(Expression expression, bool isScaled, in ScaledValues values) =>
        _known.Add((expression, isScaled, values));

    /// <summary>Room for at least so many digits, until the next batch.</summary>
    public long[] Room(int count)
    {
        if (_taken == _rooms.Count)
        {
            _rooms.Add(new long[Math.Max(count, Limits.ChunkRowCount)]);
        }
        else if (_rooms[_taken].Length < count)
        {
            _rooms[_taken] = new long[count];
        }

        return _rooms[_taken++];
    }

    /// <summary>
    /// The groups of the rows as wide as digits are, and how many rows each group has; made once
    /// for a batch.
    /// </summary>
    public void Groups(
        ReadOnlySpan<int> groupOfRow,
        int groupCount,
        out ReadOnlySpan<long> wide,
        out ReadOnlySpan<int> counts)
    {
        if (!_hasGroups)
        {
            if (_groups is null || _groups.Length < groupOfRow.Length)
            {
                _groups = new long[Math.Max(groupOfRow.Length, Limits.ChunkRowCount)];
            }

            _counts = _counts.Length < groupCount ? new int[groupCount] : _counts;
            Array.Clear(_counts);
            for (int i = 0; i < groupOfRow.Length; i++)
            {
                _groups[i] = groupOfRow[i];
                _counts[groupOfRow[i]]++;
            }

            _hasGroups = true;
        }

        wide = _groups.AsSpan(0, groupOfRow.Length);
        counts = _counts.AsSpan(0, groupCount);
    }
}
