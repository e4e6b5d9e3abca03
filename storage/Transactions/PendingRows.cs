namespace NeuroDb.Storage;

/// <summary>
/// What one transaction has written to one table: new row versions in chunks, and the committed
/// versions that it ended. Positions count the pending rows from 0; outside they appear as negative
/// row numbers, the complement of the position. Every change carries the number of its operation,
/// so that a snapshot opened before it does not see it.
/// </summary>
internal sealed class PendingRows : IDisposable
{
    private static readonly Dictionary<long, EndedRows> NoneEnded = [];
    private readonly List<PendingChunk> _chunks = new(1);
    private readonly IdentityHold? _identity;
    private readonly BulkContext? _bulkContext;

    // Made by the first use: most transactions write a row or two and need none of them.
    private PendingBulk? _bulk;
    private PendingKeys? _keys;
    private IndexSet<DeltaIndex>? _indexes;
    private Dictionary<long, EndedRows>? _ended;
    private KeyMaximum[]? _maxima;
    private bool _hasMaxima;

    // Of a transaction that is over.
    private PendingChunk? _free;

    /// <summary>Makes an empty write set.</summary>
    /// <param name="table">The table.</param>
    /// <param name="bulk">Where large changes go before the commit; null if they do not.</param>
    public PendingRows(TableEntry table, BulkContext? bulk = null)
    {
        Table = table;
        _bulkContext = bulk;
        _identity = table.Schema.IdentityOrdinal < 0 ? null : new IdentityHold();
    }

    /// <summary>
    /// An empty write set: that of a small transaction that is over if there is one, as making all
    /// of its objects anew costs more than a row.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="bulk">As for a new one.</param>
    public static PendingRows Take(TableEntry table, BulkContext? bulk)
    {
        PendingRows? spare = Interlocked.Exchange(ref table.SpareRows, null);
        return spare is not null && ReferenceEquals(spare._bulkContext, bulk)
            ? spare
            : new PendingRows(table, bulk);
    }

    /// <summary>
    /// Leaves the write set to another transaction, if its own has committed and nobody else was
    /// given any of it.
    /// </summary>
    public void Leave()
    {
        if (IsRead || _bulk is not null || _chunks.Count != 1 || !_chunks[0].TryClear())
        {
            return;
        }

        _free = _chunks[0];
        _chunks.Clear();
        Count = 0;
        SizeBytes = 0;
        KilledCount = 0;
        EndedCount = 0;
        _keys = _keys?.TryClear() == true ? _keys : null;
        _indexes = null;
        _ended = null;
        _hasMaxima = false;
        if (_identity is not null)
        {
            _identity.Greatest = long.MinValue;
        }

        Volatile.Write(ref Table.SpareRows, this);
    }

    /// <summary>The table.</summary>
    public TableEntry Table { get; }

    /// <summary>Finds pending rows by key; parallel readers of a snapshot may ask.</summary>
    public PendingKeys Keys => Volatile.Read(ref _keys) ?? First(ref _keys, new PendingKeys(this));

    /// <summary>
    /// The indexes over the pending rows that somebody asked for; parallel readers may.
    /// </summary>
    public IndexSet<DeltaIndex> Indexes =>
        Volatile.Read(ref _indexes) ?? First(ref _indexes, NewIndexes());

    /// <summary>How many rows were appended, dead ones included.</summary>
    public long Count { get; private set; }

    /// <summary>The bytes that the rows take in the log, roughly.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>The bytes of the rows that are in memory.</summary>
    public long MemorySizeBytes => SizeBytes - (_bulk?.SealedSizeBytes ?? 0);

    /// <summary>The segments that hold the first rows.</summary>
    public IReadOnlyList<BulkSegment> Segments => _bulk?.Segments ?? [];

    /// <summary>
    /// Whether somebody was given rows to look at, so that their memory is not to be used again.
    /// </summary>
    public bool IsRead { get; set; }

    /// <summary>Pending rows that were taken back again.</summary>
    public long KilledCount { get; private set; }

    /// <summary>Committed versions that were ended.</summary>
    public long EndedCount { get; private set; }

    /// <summary>The chunks of pending rows; all but the last are full.</summary>
    public List<PendingChunk> Chunks => _chunks;

    /// <summary>
    /// The ended versions, by their numbers divided by the rows of a chunk.
    /// </summary>
    public Dictionary<long, EndedRows> Ended => _ended ?? NoneEnded;

    /// <summary>Whether there is nothing to commit.</summary>
    public bool IsEmpty => Count == KilledCount && EndedCount == 0;

    /// <summary>The chunk of a position.</summary>
    public PendingChunk ChunkOf(long position) =>
        _chunks[(int)(position / Limits.ChunkRowCount)];

    /// <summary>The row of a position, or of a number, within its chunk.</summary>
    public static int RowOf(long position) => (int)(position % Limits.ChunkRowCount);

    /// <summary>
    /// The greatest value that a key had in any pending row before a position; of the thread of
    /// the transaction, which asks for each row but the very first.
    /// </summary>
    public KeyMaximum MaximumOf(int key, long before)
    {
        _maxima ??= [.. Table.Schema.Keys.Select(one => new KeyMaximum(Table.Schema, one))];
        if (!_hasMaxima)
        {
            _hasMaxima = true;
            for (int i = 0; i < _maxima.Length; i++)
            {
                _maxima[i].Clear();
                if (before > 0)
                {
                    Invariant.Check(before == 1);
                    _maxima[i].Observe(_chunks[0].Columns, 0, 1);
                }
            }
        }

        return _maxima[key];
    }

    /// <summary>Appends rows.</summary>
    public void Append(RowBatch rows)
    {
        int start = 0;
        while (start < rows.Count)
        {
            int used = RowOf(Count);
            if (used == 0 && Count == (long)_chunks.Count * Limits.ChunkRowCount)
            {
                _chunks.Add(_free ?? new PendingChunk(Table.Schema, _bulk?.TakeStores()));
                _free = null;
            }

            int run = Math.Min(rows.Count - start, Limits.ChunkRowCount - used);
            PendingChunk chunk = ChunkOf(Count);
            SizeBytes += chunk.Append(rows, start, run);
            Count += run;
            start += run;
        }
    }

    /// <summary>Lets the identity counter know the values of the rows from a position on.</summary>
    public void ObserveIdentity(long first)
    {
        while (_identity is not null && first < Count)
        {
            PendingChunk chunk = ChunkOf(first);
            int row = RowOf(first);
            Table.Rows.Identity.Observe(_identity, chunk.Columns, row, chunk.Count - row);
            first += chunk.Count - row;
        }
    }

    /// <summary>Writes full chunks into segments if the rows are many.</summary>
    public void Spill()
    {
        if (_bulk is null && SizeBytes >= _bulkContext?.StartSizeBytes)
        {
            _bulk = new PendingBulk(_bulkContext, this);
        }

        _bulk?.Spill();
    }

    /// <summary>
    /// Completes the segments before the commit; false if there are none.
    /// </summary>
    public bool CompleteSegments() => _bulk?.Complete() ?? false;

    /// <summary>Gives the segments to the commit.</summary>
    public void GiveSegments(long timestamp) => _bulk?.Give(timestamp);

    /// <summary>Ends what the rows keep others from, when the transaction is over.</summary>
    public void Dispose()
    {
        _bulk?.Dispose();
        if (_identity is not null)
        {
            Table.Rows.Identity.Release(_identity);
        }
    }

    /// <summary>Removes all rows from a position on, which must be alive.</summary>
    public void Truncate(long count)
    {
        Invariant.Check(count <= Count);
        _bulk?.Truncate(count);
        Count = count;
        _keys = null;
        _indexes = null;
        if (count == 0)
        {
            // The very first row is observed late, and only by maxima that are new.
            _hasMaxima = false;
        }

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

    /// <summary>Ends a committed version.</summary>
    public void End(long rowId, int operation)
    {
        long number = rowId / Limits.ChunkRowCount;
        _ended ??= [];
        if (!_ended.TryGetValue(number, out EndedRows? ended))
        {
            _ended.Add(number, ended = new EndedRows());
        }

        ended.Add(RowOf(rowId), operation);
        EndedCount++;
    }

    /// <summary>Undoes <see cref="End"/>, which was the last one.</summary>
    public void UndoEnd(long rowId)
    {
        Ended[rowId / Limits.ChunkRowCount].RemoveLast();
        EndedCount--;
    }

    /// <summary>
    /// Whether a committed version was ended by an operation or an earlier one.
    /// </summary>
    public bool IsEnded(long rowId, int operation) =>
        EndedCount > 0
        && Ended.TryGetValue(rowId / Limits.ChunkRowCount, out EndedRows? ended)
        && ended.Contains(RowOf(rowId), operation);

    /// <summary>Whether any version between two numbers may have been ended.</summary>
    public bool HasEnded(long firstRowId, long lastRowId)
    {
        if (EndedCount == 0)
        {
            return false;
        }

        // A part whose rows are far apart may span more numbers than there are ended rows.
        long first = firstRowId / Limits.ChunkRowCount;
        long last = lastRowId / Limits.ChunkRowCount;
        if (last - first >= Ended.Count)
        {
            return true;
        }

        bool any = false;
        for (long number = first; number <= last && !any; number++)
        {
            any = Ended.ContainsKey(number);
        }

        return any;
    }

    /// <summary>The versions between two numbers that were ended by an operation.</summary>
    public IEnumerable<long> EndedBetween(long firstRowId, long lastRowId, int operation)
    {
        long first = firstRowId / Limits.ChunkRowCount;
        long last = lastRowId / Limits.ChunkRowCount;
        IEnumerable<long> numbers = last - first >= Ended.Count
            ? Ended.Keys.Where(number => number >= first && number <= last)
            : Enumerable.Range(0, (int)(last - first) + 1).Select(i => first + i);
        foreach (long number in numbers)
        {
            EndedRows? ended = Ended.GetValueOrDefault(number);
            for (int i = 0; i < ended?.Count && ended.OperationAt(i) <= operation; i++)
            {
                long rowId = (number * Limits.ChunkRowCount) + ended.RowAt(i);
                if (rowId >= firstRowId && rowId <= lastRowId)
                {
                    yield return rowId;
                }
            }
        }
    }

    /// <summary>Clears the bits of consecutive versions that were ended by then.</summary>
    public void ClearEnded(Span<ulong> visible, long firstRowId, int count, int operation)
    {
        long last = (firstRowId + count - 1) / Limits.ChunkRowCount;
        for (long number = firstRowId / Limits.ChunkRowCount; number <= last; number++)
        {
            if (Ended.TryGetValue(number, out EndedRows? ended))
            {
                ended.Clear(
                    visible, firstRowId - (number * Limits.ChunkRowCount), count, operation);
            }
        }
    }

    /// <summary>The committed versions that were ended.</summary>
    public IEnumerable<long> EndedRowIds()
    {
        foreach ((long number, EndedRows ended) in Ended)
        {
            for (int i = 0; i < ended.Count; i++)
            {
                yield return (number * Limits.ChunkRowCount) + ended.RowAt(i);
            }
        }
    }

    private static T First<T>(ref T? place, T made)
        where T : class
        => Interlocked.CompareExchange(ref place, made, null) ?? made;

    private IndexSet<DeltaIndex> NewIndexes() =>
        new(index => new DeltaIndex(index.Keys, new PendingIndexRows(this), owner: null));
}
