namespace NeuroDb.Storage;

/// <summary>
/// Rows that a transaction has written and not committed: columns as in a table, and for each row
/// the operation that took it back.
/// </summary>
internal sealed class PendingChunk(TableSchema schema)
{
    // From this many rows on a chunk is made full at once: growing would copy it again and again.
    private const int FullFromRowCount = 1024;
    private int _capacity;
    private int[]? _killedAt;

    /// <summary>The columns, by ordinal.</summary>
    public ColumnStore[] Columns { get; } = ColumnStore.CreateAll(schema);

    /// <summary>How many rows.</summary>
    public int Count { get; set; }

    /// <summary>Whether any row was ever taken back.</summary>
    public bool MayHaveKilled => _killedAt is not null;

    /// <summary>Writes rows behind the last.</summary>
    /// <returns>The bytes that they take in the log, roughly.</returns>
    public long Append(RowBatch rows, int start, int count)
    {
        Reserve(Count + count);
        long size = 0;
        for (int i = 0; i < Columns.Length; i++)
        {
            size += Columns[i].Write(Count, rows.Columns[i], start, count);
        }

        _killedAt?.AsSpan(Count, count).Fill(int.MaxValue);
        Count += count;
        return size;
    }

    /// <summary>The operation that took a row back; the greatest number if none did.</summary>
    public int KilledAt(int row) => _killedAt is null ? int.MaxValue : _killedAt[row];

    /// <summary>Takes a row back, or restores it with the greatest number.</summary>
    public void SetKilledAt(int row, int operation)
    {
        Invariant.Check(row < Count);
        if (_killedAt is null)
        {
            _killedAt = new int[_capacity];
            _killedAt.AsSpan().Fill(int.MaxValue);
        }

        _killedAt[row] = operation;
    }

    /// <summary>Finds the next run of rows that were not taken back.</summary>
    /// <param name="start">From where to look; then the first row of the run.</param>
    /// <param name="count">The rows of the run.</param>
    public bool TryNextRun(ref int start, out int count)
    {
        while (start < Count && KilledAt(start) != int.MaxValue)
        {
            start++;
        }

        int end = _killedAt is null ? Count : start;
        while (end < Count && KilledAt(end) == int.MaxValue)
        {
            end++;
        }

        count = end - start;
        return count > 0;
    }

    private void Reserve(int count)
    {
        if (count <= _capacity)
        {
            return;
        }

        Invariant.Check(count <= Limits.ChunkRowCount);
        _capacity = count > FullFromRowCount
            ? Limits.ChunkRowCount
            : Math.Min(Limits.ChunkRowCount, Math.Max(count, _capacity * 2));
        foreach (ColumnStore column in Columns)
        {
            column.Reserve(_capacity);
        }

        if (_killedAt is not null)
        {
            Array.Resize(ref _killedAt, _capacity);
        }
    }
}
