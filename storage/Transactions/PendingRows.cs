namespace NeuroDb.Storage;

/// <summary>
/// What one transaction has written to one table: new row versions in chunks, and the committed
/// versions that it ended. Positions count the pending rows from 0; outside they appear as negative
/// row numbers, the complement of the position. Every change carries the number of its operation,
/// so that a snapshot opened before it does not see it.
/// </summary>
internal sealed class PendingRows
{
    private readonly List<PendingChunk> _chunks = [];
    private readonly KeyMaximum[] _maxima;

    /// <summary>Makes an empty write set.</summary>
    public PendingRows(TableEntry table)
    {
        Table = table;
        Keys = new PendingKeys(this);
        _maxima = new KeyMaximum[table.Schema.Keys.Count];
        for (int i = 0; i < _maxima.Length; i++)
        {
            _maxima[i] = new KeyMaximum(table.Schema, table.Schema.Keys[i]);
        }
    }

    /// <summary>The table.</summary>
    public TableEntry Table { get; }

    /// <summary>Finds pending rows by key.</summary>
    public PendingKeys Keys { get; }

    /// <summary>How many rows were appended, dead ones included.</summary>
    public long Count { get; private set; }

    /// <summary>The bytes that the rows take in the log, roughly.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>Pending rows that were taken back again.</summary>
    public long KilledCount { get; private set; }

    /// <summary>Committed versions that were ended.</summary>
    public long EndedCount { get; private set; }

    /// <summary>The chunks of pending rows; all but the last are full.</summary>
    public IReadOnlyList<PendingChunk> Chunks => _chunks;

    /// <summary>The ended versions, by chunk of the table.</summary>
    public Dictionary<int, EndedRows> Ended { get; } = [];

    /// <summary>Whether there is nothing to commit.</summary>
    public bool IsEmpty => Count == KilledCount && EndedCount == 0;

    /// <summary>The chunk of a position.</summary>
    public PendingChunk ChunkOf(long position) =>
        _chunks[(int)(position / Limits.ChunkRowCount)];

    /// <summary>The row of a position within its chunk.</summary>
    public static int RowOf(long position) => (int)(position % Limits.ChunkRowCount);

    /// <summary>The greatest value that a key had in any pending row.</summary>
    public KeyMaximum MaximumOf(int key) => _maxima[key];

    /// <summary>Appends rows; an empty list of bases means new rows.</summary>
    public void Append(RowBatch rows, ReadOnlySpan<long> bases)
    {
        Invariant.Check(bases.IsEmpty || bases.Length == rows.Count);
        int start = 0;
        while (start < rows.Count)
        {
            int used = RowOf(Count);
            if (used == 0 && Count == (long)_chunks.Count * Limits.ChunkRowCount)
            {
                _chunks.Add(new PendingChunk(Table.Schema));
            }

            int run = Math.Min(rows.Count - start, Limits.ChunkRowCount - used);
            PendingChunk chunk = ChunkOf(Count);
            SizeBytes += chunk.Append(
                rows, start, run, bases.IsEmpty ? bases : bases.Slice(start, run));
            Count += run;
            start += run;
        }
    }

    /// <summary>Lets the identity counter know the values of the rows from a position on.</summary>
    public void ObserveIdentity(long first)
    {
        while (first < Count)
        {
            PendingChunk chunk = ChunkOf(first);
            int row = RowOf(first);
            Table.Rows.Identity.Observe(chunk.Columns, row, chunk.Count - row);
            first += chunk.Count - row;
        }
    }

    /// <summary>Removes all rows from a position on, which must be alive.</summary>
    public void Truncate(long count)
    {
        Invariant.Check(count <= Count);
        Count = count;
        Keys.Reset();
        int chunks = (int)((count + Limits.ChunkRowCount - 1) / Limits.ChunkRowCount);
        _chunks.RemoveRange(chunks, _chunks.Count - chunks);
        if (chunks > 0)
        {
            _chunks[^1].Count = (int)(count - ((chunks - 1L) * Limits.ChunkRowCount));
        }
    }

    /// <summary>Whether a pending row is there for an operation.</summary>
    public bool IsAlive(long position, int operation) =>
        ChunkOf(position).KilledAt(RowOf(position)) > operation;

    /// <summary>Takes a pending row back.</summary>
    public void Kill(long position, int operation)
    {
        ChunkOf(position).SetKilledAt(RowOf(position), operation);
        KilledCount++;
    }

    /// <summary>Undoes <see cref="Kill"/>.</summary>
    public void Revive(long position)
    {
        ChunkOf(position).SetKilledAt(RowOf(position), int.MaxValue);
        KilledCount--;
    }

    /// <summary>Ends the committed version of a slot.</summary>
    public void End(long slot, int operation)
    {
        int number = (int)(slot / Limits.ChunkRowCount);
        if (!Ended.TryGetValue(number, out EndedRows? ended))
        {
            Ended.Add(number, ended = new EndedRows());
        }

        ended.Add(VersionedTable.RowOf(slot), operation);
        EndedCount++;
    }

    /// <summary>Undoes the last <see cref="End"/> of the slot's chunk.</summary>
    public void UndoEnd(long slot)
    {
        int number = (int)(slot / Limits.ChunkRowCount);
        Ended[number].RemoveLast();
        EndedCount--;
    }

    /// <summary>
    /// Whether the version of a slot was ended by an operation or an earlier one.
    /// </summary>
    public bool IsEnded(long slot, int operation) =>
        EndedCount > 0
        && Ended.TryGetValue((int)(slot / Limits.ChunkRowCount), out EndedRows? ended)
        && ended.Contains(VersionedTable.RowOf(slot), operation);
}
