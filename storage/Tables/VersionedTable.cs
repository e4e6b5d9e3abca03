namespace NeuroDb.Storage;

/// <summary>
/// All versions of the rows of one table, in memory: chunks of slots, the directory from row number
/// to newest slot, and one hash index for each key. One writer at a time, the commit pipeline;
/// readers take no lock. A reader takes its snapshot timestamp first and looks at arrays and counts
/// afterwards, so everything committed up to that timestamp is in what it finds; what is newer it
/// recognises by the timestamps of the slots, which grow from slot to slot.
/// </summary>
/// <remarks>
/// Versions stay until checkpoints seal them into segments and give their memory back; this class
/// then holds only what is newer than the last segment.
/// </remarks>
internal sealed class VersionedTable
{
    private const int HashRunCount = 32;
    private readonly TableSchema _schema;
    private readonly RowDirectory _directory = new();
    private readonly KeyIndex[] _indexes;
    private readonly KeyMaximum[] _maxima;
    private bool _defersKeys;
    private RowChunk[] _chunks = [];
    private long _slotCount;
    private long _liveCount;
    private long _lastChange;

    /// <summary>Makes an empty table.</summary>
    public VersionedTable(TableSchema schema)
    {
        _schema = schema;
        _indexes = new KeyIndex[schema.Keys.Count];
        _maxima = new KeyMaximum[schema.Keys.Count];
        for (int i = 0; i < _indexes.Length; i++)
        {
            _indexes[i] = new KeyIndex(new TableKeyRows(this, schema.Keys[i].Ordinals));
            _maxima[i] = new KeyMaximum(schema, schema.Keys[i]);
        }

        Identity = new IdentityCounter(schema);
        Template = ColumnStore.CreateAll(schema);
    }

    /// <summary>Slots that are written; those of commits not yet published are included.</summary>
    public long SlotCount => Volatile.Read(ref _slotCount);

    /// <summary>Rows that live at the newest commit.</summary>
    public long LiveCount => Volatile.Read(ref _liveCount);

    /// <summary>The timestamp of the newest commit that changed the table.</summary>
    public long LastChange => Volatile.Read(ref _lastChange);

    /// <summary>The number that the next inserted row gets.</summary>
    public long NextRowId { get; private set; }

    /// <summary>The next value of the INTEGER PRIMARY KEY.</summary>
    public IdentityCounter Identity { get; }

    /// <summary>Empty stores of the columns, for hashing values and gathering.</summary>
    public ColumnStore[] Template { get; }

    /// <summary>The bytes of the key indexes.</summary>
    public long IndexSizeBytes => _indexes.Sum(static index => index.SizeBytes);

    /// <summary>The row of a slot within its chunk.</summary>
    public static int RowOf(long slot) => (int)(slot % Limits.ChunkRowCount);

    /// <summary>The chunk of a slot.</summary>
    public RowChunk ChunkOf(long slot) =>
        Volatile.Read(ref _chunks)[slot / Limits.ChunkRowCount];

    /// <summary>How many slots began at a timestamp or before: a prefix of all slots.</summary>
    public long CountBegun(long timestamp)
    {
        long high = SlotCount;
        if (high == 0 || BeginOf(high - 1) <= timestamp)
        {
            return high;
        }

        long low = 0;
        while (low < high)
        {
            long middle = low + ((high - low) / 2);
            if (BeginOf(middle) <= timestamp)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>The slot of the version of a row that a timestamp sees, or -1.</summary>
    public long FindVersion(long rowId, long timestamp)
    {
        long slot = _directory[rowId];
        while (slot >= 0)
        {
            RowChunk chunk = ChunkOf(slot);
            int row = RowOf(slot);
            if (chunk.Begins[row] <= timestamp)
            {
                return chunk.Ends[row] > timestamp ? slot : -1;
            }

            slot = chunk.Previous[row];
        }

        return -1;
    }

    /// <summary>Whether a slot is the newest version of its row and lives.</summary>
    public bool IsLive(long slot) => ChunkOf(slot).Ends[RowOf(slot)] == long.MaxValue;

    /// <summary>The candidates of a key hash.</summary>
    public KeyProbe Probe(int key, ulong hash) => _indexes[key].Find(hash);

    /// <summary>
    /// The greatest value of a key of one whole-number column; what is above it is not there.
    /// </summary>
    public KeyMaximum MaximumOf(int key) => _maxima[key];

    /// <summary>
    /// Leaves the keys of appended rows out of the indexes until <see cref="CompleteKeys"/>: for
    /// replay, where nobody looks for keys.
    /// </summary>
    public void DeferKeys()
    {
        Invariant.Check(_slotCount == 0);
        _defersKeys = true;
    }

    /// <summary>Puts the keys of all rows into the indexes.</summary>
    public void CompleteKeys()
    {
        Invariant.Check(_defersKeys);
        _defersKeys = false;
        for (int k = 0; k < _indexes.Length; k++)
        {
            _indexes[k].AddAll();
            for (long slot = 0; slot < _slotCount; slot += Limits.ChunkRowCount)
            {
                int count = (int)Math.Min(Limits.ChunkRowCount, _slotCount - slot);
                _maxima[k].Observe(ChunkOf(slot).Columns, 0, count);
            }
        }
    }

    /// <summary>Ends the newest version of a row at a timestamp.</summary>
    public void End(long slot, long timestamp)
    {
        ChunkOf(slot).End(RowOf(slot), timestamp);
        Volatile.Write(ref _liveCount, _liveCount - 1);
        Volatile.Write(ref _lastChange, timestamp);
    }

    /// <summary>
    /// Appends row versions; a base of -1 makes a new row, any other a new version of that row,
    /// whose version before must have ended.
    /// </summary>
    /// <param name="columns">The stores that hold the rows.</param>
    /// <param name="start">The first row in them.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="bases">The base of each row; empty if all rows are new.</param>
    /// <param name="timestamp">The timestamp of the commit.</param>
    public void Append(
        ColumnStore[] columns, int start, int count, ReadOnlySpan<long> bases, long timestamp)
    {
        while (count > 0)
        {
            int row = RowOf(_slotCount);
            int run = Math.Min(count, Limits.ChunkRowCount - row);
            RowChunk chunk = ReserveChunk(row, run);
            for (int i = 0; i < columns.Length; i++)
            {
                chunk.Columns[i].Copy(row, columns[i], start, run);
            }

            AppendVersions(chunk, row, run, bases.IsEmpty ? bases : bases[..run], timestamp);
            start += run;
            count -= run;
            bases = bases.IsEmpty ? bases : bases[run..];
        }
    }

    /// <summary>
    /// Appends new rows by taking over the stores that hold them, which the caller gives up.
    /// </summary>
    /// <param name="columns">The stores.</param>
    /// <param name="count">How many rows they hold.</param>
    /// <param name="bases">The base of each row.</param>
    /// <param name="timestamp">The timestamp of the commit.</param>
    /// <returns>False if the last chunk is not full, so that nothing was done.</returns>
    public bool TryAdopt(
        ColumnStore[] columns, int count, ReadOnlySpan<long> bases, long timestamp)
    {
        if (RowOf(_slotCount) != 0)
        {
            return false;
        }

        RowChunk chunk = AddChunk(columns);
        chunk.Reserve(count);
        AppendVersions(chunk, 0, count, bases, timestamp);
        return true;
    }

    private long BeginOf(long slot) => ChunkOf(slot).Begins[RowOf(slot)];

    private RowChunk ReserveChunk(int row, int count)
    {
        RowChunk chunk = row == 0
            ? AddChunk(ColumnStore.CreateAll(_schema))
            : _chunks[_slotCount / Limits.ChunkRowCount];
        chunk.Reserve(row + count);
        return chunk;
    }

    private RowChunk AddChunk(ColumnStore[] columns)
    {
        int number = checked((int)(_slotCount / Limits.ChunkRowCount));
        RowChunk[] chunks = _chunks;
        if (number == chunks.Length)
        {
            chunks = new RowChunk[Math.Max(4, chunks.Length * 2)];
            _chunks.CopyTo(chunks, 0);
        }

        var chunk = new RowChunk(columns);
        chunks[number] = chunk;
        Volatile.Write(ref _chunks, chunks);
        return chunk;
    }

    private void AppendVersions(
        RowChunk chunk, int row, int count, ReadOnlySpan<long> bases, long timestamp)
    {
        _directory.Reserve(NextRowId + count);
        if (bases.IndexOfAnyExcept(-1L) < 0)
        {
            AppendNew(chunk, row, count, timestamp);
        }
        else
        {
            AppendBased(chunk, row, bases, timestamp);
        }

        Identity.Observe(chunk.Columns, row, count);
        Volatile.Write(ref _liveCount, _liveCount + count);
        Volatile.Write(ref _lastChange, timestamp);
    }

    private void AppendNew(RowChunk chunk, int row, int count, long timestamp)
    {
        long firstSlot = _slotCount;
        long firstRowId = NextRowId;
        chunk.WriteNew(row, count, firstRowId, timestamp);
        NextRowId += count;

        // Snapshots that count slots must find them complete; the directory and the indexes lead
        // only to versions that their timestamps hide.
        Volatile.Write(ref _slotCount, firstSlot + count);
        _directory.Fill(firstRowId, firstSlot, count);
        if (!_defersKeys)
        {
            AddNewKeys(chunk, row, count);
        }
    }

    private void AppendBased(
        RowChunk chunk, int row, ReadOnlySpan<long> bases, long timestamp)
    {
        long firstSlot = _slotCount;
        for (int i = 0; i < bases.Length; i++)
        {
            long rowId = bases[i];
            long previous = -1;
            if (rowId < 0)
            {
                rowId = NextRowId++;
            }
            else
            {
                Invariant.Check(rowId < NextRowId);
                previous = _directory[rowId];
                Invariant.Check(!IsLive(previous));
            }

            chunk.Write(row + i, rowId, timestamp, previous);
        }

        // In the order of AppendNew, and for its reason.
        Volatile.Write(ref _slotCount, firstSlot + bases.Length);
        for (int i = 0; i < bases.Length; i++)
        {
            _directory[chunk.RowIds[row + i]] = firstSlot + i;
        }

        for (int i = 0; i < bases.Length && !_defersKeys; i++)
        {
            AddKeys(chunk, row + i, chunk.RowIds[row + i]);
        }
    }

    private void AddNewKeys(RowChunk chunk, int row, int count)
    {
        Span<ulong> hashes = stackalloc ulong[HashRunCount];
        Span<long> rows = stackalloc long[HashRunCount];
        for (int k = 0; k < _indexes.Length; k++)
        {
            int[] key = _schema.Keys[k].Ordinals;
            for (int done = 0; done < count; done += HashRunCount)
            {
                int run = Math.Min(HashRunCount, count - done);
                int found = KeyColumns.Hash(
                    chunk.Columns, key, row + done, run, hashes, rows);
                for (int i = 0; i < found; i++)
                {
                    _indexes[k].Add(hashes[i], chunk.RowIds[(int)rows[i]]);
                }
            }

            _maxima[k].Observe(chunk.Columns, row, count);
        }
    }

    private void AddKeys(RowChunk chunk, int row, long rowId)
    {
        for (int k = 0; k < _indexes.Length; k++)
        {
            int[] key = _schema.Keys[k].Ordinals;
            if (!KeyColumns.TryHash(chunk.Columns, key, row, out ulong hash))
            {
                continue;
            }

            long previous = chunk.Previous[row];
            if (previous < 0 || !KeyColumns.Same(
                key, chunk.Columns, row, ChunkOf(previous).Columns, RowOf(previous)))
            {
                _indexes[k].Add(hash, rowId);
                _maxima[k].Observe(chunk.Columns, row);
            }
        }
    }
}
