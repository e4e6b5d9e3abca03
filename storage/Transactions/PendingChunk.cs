namespace NeuroDb.Storage;

/// <summary>
/// Rows that a transaction has written and not committed: columns as in a table, and for each row
/// the operation that took it back. The columns of a full chunk may move into a segment; from then
/// on they are read from there.
/// </summary>
internal sealed class PendingChunk
{
    // From this many rows on a chunk is made full at once: growing would copy it again and again.
    private const int FullFromRowCount = 1024;

    // What is kept for the next transaction.
    private const int KeptRowCountMax = 1024;
    private const int KeptSizeBytesMax = 64 << 10;
    private readonly TableSchema _schema;
    private ColumnStore[]? _columns;
    private SealedRows? _part;
    private int _chunk;
    private int _capacity;
    private int[]? _killedAt;

    /// <summary>Makes an empty chunk.</summary>
    /// <param name="schema">The columns.</param>
    /// <param name="columns">Stores of full size to be used again, or null.</param>
    public PendingChunk(TableSchema schema, ColumnStore[]? columns)
    {
        _schema = schema;
        _columns = columns ?? ColumnStore.CreateAll(schema);
        _capacity = columns is null ? 0 : Limits.ChunkRowCount;
    }

    /// <summary>The columns, by ordinal, of a chunk in memory.</summary>
    public ColumnStore[] Columns
    {
        get
        {
            Invariant.Check(_columns is not null);
            return _columns!;
        }
    }

    /// <summary>How many rows.</summary>
    public int Count { get; set; }

    /// <summary>The bytes that its rows take in the log, roughly.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>Whether the columns are in a segment.</summary>
    public bool IsSealed => _part is not null;

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
        SizeBytes += size;
        return size;
    }

    /// <summary>
    /// Forgets the rows and keeps their memory for others; false for one that has much of it, or
    /// memory that somebody else may hold.
    /// </summary>
    public bool TryClear()
    {
        bool isSmall = !IsSealed && _capacity <= KeptRowCountMax && SizeBytes <= KeptSizeBytesMax;
        for (int i = 0; isSmall && i < Columns.Length; i++)
        {
            isSmall = !Columns[i].Type.IsVector && !Columns[i].HasLarge;
        }

        if (isSmall)
        {
            Count = 0;
            SizeBytes = 0;
            _killedAt = null;
        }

        return isSmall;
    }

    /// <summary>A column, from memory or from the segment.</summary>
    public ColumnStore Column(int ordinal) =>
        _columns is null ? _part!.StoreOf(_chunk, ordinal) : _columns[ordinal];

    /// <summary>
    /// Columns by ordinal, of which only some are asked for; the others may be missing.
    /// </summary>
    public ColumnStore[] ColumnsOf(int[] ordinals)
    {
        if (_columns is not null)
        {
            return _columns;
        }

        var columns = new ColumnStore[_schema.Columns.Count];
        foreach (int ordinal in ordinals)
        {
            columns[ordinal] = _part!.StoreOf(_chunk, ordinal);
        }

        return columns;
    }

    /// <summary>The first rows as a slice.</summary>
    public TableSlice Slice(int count, ulong[] mask, long first)
    {
        if (_columns is not null)
        {
            return new TableSlice(_columns, count, mask, first, isPending: true);
        }

        Invariant.Check(count == Count);
        return new TableSlice(_part!, _chunk, mask, isPending: true);
    }

    /// <summary>Takes the columns from a segment from now on.</summary>
    /// <param name="part">The segment.</param>
    /// <param name="chunk">Which of its chunks.</param>
    /// <returns>The stores that held them.</returns>
    public ColumnStore[] Seal(SealedRows part, int chunk)
    {
        Invariant.Check(!IsSealed && part.File.RowCountOf(chunk) == Count);
        ColumnStore[] columns = _columns!;
        _part = part;
        _chunk = chunk;
        _columns = null;
        return columns;
    }

    /// <summary>Takes the columns back into memory, to be written again.</summary>
    public void Unseal()
    {
        Invariant.Check(IsSealed);
        var columns = new ColumnStore[_schema.Columns.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = _part!.File.Read(_chunk, i);
            columns[i].Reserve(Limits.ChunkRowCount);
        }

        _capacity = Limits.ChunkRowCount;
        _columns = columns;
        _part = null;
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
