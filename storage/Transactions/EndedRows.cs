namespace NeuroDb.Storage;

/// <summary>
/// The committed versions of one chunk that a transaction has deleted or replaced, each with the
/// operation that did it, in the order of the operations.
/// </summary>
internal sealed class EndedRows
{
    private int[] _rows = new int[4];
    private int[] _operations = new int[4];
    private ulong[]? _mask;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The rows within the chunk.</summary>
    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, Count);

    /// <summary>One of the rows.</summary>
    public int RowAt(int i) => _rows[i];

    /// <summary>The operation that ended one of the rows.</summary>
    public int OperationAt(int i) => _operations[i];

    /// <summary>Adds a row that is not there yet.</summary>
    public void Add(int row, int operation)
    {
        if (Count == _rows.Length)
        {
            Array.Resize(ref _rows, Count * 2);
            Array.Resize(ref _operations, Count * 2);
            _mask ??= MaskOfAll();
        }

        if (_mask is not null)
        {
            _mask[row >> 6] |= 1UL << row;
        }

        _rows[Count] = row;
        _operations[Count++] = operation;
    }

    /// <summary>Removes the row that was added last.</summary>
    public void RemoveLast()
    {
        Invariant.Check(Count > 0);
        int row = _rows[--Count];
        if (_mask is not null)
        {
            _mask[row >> 6] &= ~(1UL << row);
        }
    }

    /// <summary>Whether a row was ended by that operation or an earlier one.</summary>
    public bool Contains(int row, int operation)
    {
        if (_mask is not null && (_mask[row >> 6] & (1UL << row)) == 0)
        {
            return false;
        }

        int at = Rows.IndexOf(row);
        return at >= 0 && _operations[at] <= operation;
    }

    /// <summary>Clears the bits of the rows that were ended by then.</summary>
    /// <param name="visible">The bits of some rows.</param>
    /// <param name="first">The row of the first bit, which may lie outside of the chunk.</param>
    /// <param name="count">How many bits.</param>
    /// <param name="operation">The operation.</param>
    public void Clear(Span<ulong> visible, long first, int count, int operation)
    {
        for (int i = 0; i < Count && _operations[i] <= operation; i++)
        {
            long bit = _rows[i] - first;
            if (bit >= 0 && bit < count)
            {
                visible[(int)(bit >> 6)] &= ~(1UL << (int)(bit & 63));
            }
        }
    }

    private ulong[] MaskOfAll()
    {
        var mask = new ulong[Limits.ChunkRowCount / 64];
        foreach (int row in Rows)
        {
            mask[row >> 6] |= 1UL << row;
        }

        return mask;
    }
}
