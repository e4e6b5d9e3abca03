namespace NeuroDb.Storage;

/// <summary>
/// Row versions in memory, numbered in the order of their commits: chunks of rows and one hash
/// index for each key. One writer at a time, the commit pipeline; readers take no lock. A reader
/// takes its snapshot timestamp first and looks at arrays and counts afterwards, so everything
/// committed up to that timestamp is in what it finds; what is newer it recognises by the
/// timestamps of the rows, which grow from row to row.
/// </summary>
internal sealed partial class RowDelta : RowPart, INativeMemory
{
    // A begin and an end.
    private const int VersionSizeBytesEach = 16;
    private readonly TableSchema _schema;
    private readonly bool _hasVectors;
    private readonly KeyIndex[] _indexes;
    private readonly DeltaKeyRows[] _keyRows;
    private readonly DeltaKeyOrder?[] _orders;
    private bool _isReplaying;
    private RowChunk[] _chunks = [];
    private long _rowCount;
    private bool _hasEnded;
    private long _valueSizeBytes;

    /// <summary>Makes an empty delta.</summary>
    /// <param name="schema">The columns and keys.</param>
    /// <param name="firstRowId">The number of the first row version that it will get.</param>
    public RowDelta(TableSchema schema, long firstRowId)
        : base(firstRowId)
    {
        _schema = schema;
        _hasVectors = schema.Columns.Any(static column => column.Type.IsVector);
        Indexes = new IndexSet<DeltaIndex>(
            index => new DeltaIndex(index.Keys, new DeltaIndexRows(this, index.Keys), index));
        _keyRows = new DeltaKeyRows[schema.Keys.Count];
        _indexes = new KeyIndex[schema.Keys.Count];
        _orders = new DeltaKeyOrder?[schema.Keys.Count];
        for (int i = 0; i < _indexes.Length; i++)
        {
            _keyRows[i] = new DeltaKeyRows(this, schema, i);
            _indexes[i] = new KeyIndex(_keyRows[i], isLasting: true);
            _orders[i] = KeyCode.IsOrdered(schema, schema.Keys[i])
                ? new DeltaKeyOrder(this, schema.Keys[i].Ordinals[0])
                : null;
        }
    }

    /// <inheritdoc/>
    public override long EndRowId => FirstRowId + RowCount;

    /// <summary>Versions that are written; those not yet published are included.</summary>
    public override long RowCount => Volatile.Read(ref _rowCount);

    /// <summary>The last commit that was replayed; what ended by then nobody sees.</summary>
    public long ReplayedTimestamp { get; private set; }

    /// <summary>The indexes over the rows that somebody asked for.</summary>
    public IndexSet<DeltaIndex> Indexes { get; }

    /// <summary>The bytes that the delta takes, roughly.</summary>
    public long SizeBytes =>
        Volatile.Read(ref _valueSizeBytes) + (RowCount * VersionSizeBytesEach) + IndexSizeBytes;

    /// <summary>How many of them <see cref="DeltaMemory"/> has counted, which keeps it.</summary>
    public long CountedBytes { get; set; }

    /// <inheritdoc/>
    public override long IndexSizeBytes
    {
        get
        {
            long bytes = 0;
            foreach (KeyIndex index in _indexes)
            {
                bytes += index.SizeBytes;
            }

            foreach (var order in _orders)
            {
                bytes += order?.SizeBytes ?? 0;
            }

            foreach ((_, DeltaIndex index) in Indexes.All)
            {
                bytes += index.SizeBytes;
            }

            return bytes;
        }
    }

    /// <summary>The row within its chunk.</summary>
    /// <param name="ordinal">The row, counted from the first of the delta.</param>
    public static int RowOf(long ordinal) => (int)(ordinal % Limits.ChunkRowCount);

    /// <summary>The chunk of a row.</summary>
    /// <param name="ordinal">The row, counted from the first of the delta.</param>
    public RowChunk ChunkOf(long ordinal) =>
        Volatile.Read(ref _chunks)[ordinal / Limits.ChunkRowCount];

    /// <summary>A chunk by its place.</summary>
    public RowChunk ChunkAt(int chunk) => Volatile.Read(ref _chunks)[chunk];

    /// <inheritdoc/>
    public override bool IsWhole => !Volatile.Read(ref _hasEnded);

    /// <inheritdoc/>
    public override long CountBegun(long timestamp)
    {
        long high = RowCount;
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

    /// <inheritdoc/>
    public override bool IsVisible(long rowId, long timestamp)
    {
        long ordinal = OrdinalOf(rowId);
        RowChunk chunk = ChunkOf(ordinal);
        int row = RowOf(ordinal);
        return chunk.BeginAt(row) <= timestamp && chunk.EndAt(row) > timestamp;
    }

    /// <inheritdoc/>
    public override bool IsLive(long rowId)
    {
        long ordinal = OrdinalOf(rowId);
        return ChunkOf(ordinal).EndAt(RowOf(ordinal)) == long.MaxValue;
    }

    /// <inheritdoc/>
    public override bool TryFind(in SoughtKey sought, long timestamp, out long rowId)
    {
        KeyProbe probe = _indexes[sought.Key].Find(sought.Hash);
        while (probe.Next(out long ordinal))
        {
            ColumnStore[] columns = ChunkOf(ordinal).Columns;
            int row = RowOf(ordinal);
            Prefetch(columns, row, sought.Fetched);
            if (!sought.IsAt(columns, row))
            {
                continue;
            }

            // Of the versions of one key, an older one has ended when the next began.
            while (ordinal >= 0 && BeginOf(ordinal) > timestamp)
            {
                ordinal = _keyRows[sought.Key].PreviousOf(ordinal);
            }

            if (ordinal >= 0 && ChunkOf(ordinal).EndAt(RowOf(ordinal)) > timestamp)
            {
                rowId = FirstRowId + ordinal;
                return true;
            }
        }

        rowId = -1;
        return false;
    }

    /// <summary>The rows in the order of a key that has one.</summary>
    public DeltaKeyOrder OrderOf(int key)
    {
        Invariant.Check(_orders[key] is not null);
        return _orders[key]!;
    }

    /// <summary>
    /// Begins replay, where nobody looks for rows: their keys are left out of the indexes, and all
    /// of them have begun before the first snapshot.
    /// </summary>
    public void BeginReplay()
    {
        Invariant.Check(_rowCount == 0);
        _isReplaying = true;
    }

    /// <summary>Puts the keys of all rows that live into the indexes.</summary>
    public void CompleteReplay(long timestamp)
    {
        Invariant.Check(_isReplaying);
        _isReplaying = false;
        ReplayedTimestamp = timestamp;
        foreach (KeyIndex index in _indexes)
        {
            index.AddAll();
        }
    }

    /// <inheritdoc/>
    public void Release()
    {
        foreach ((_, DeltaIndex index) in Indexes.All)
        {
            index.Release();
        }

        foreach (KeyIndex index in _indexes)
        {
            index.Release();
        }

        for (long first = 0; first < _rowCount; first += Limits.ChunkRowCount)
        {
            ChunkOf(first).Release();
        }

        Volatile.Write(ref _isReleased, true);
        ReleaseIfLate();
    }

    /// <summary>
    /// Takes what was replaced and may still be read; null if there is nothing. It goes with the
    /// delta, if nobody takes it before.
    /// </summary>
    public INativeMemory? TakeReplaced()
    {
        foreach (KeyIndex index in _indexes)
        {
            if (index.TakeReplaced() is { } table)
            {
                return table;
            }
        }

        foreach ((_, DeltaIndex index) in Indexes.All)
        {
            if (index.TakeReplaced() is { } memory)
            {
                return memory;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override void Locate(long rowId, out int chunk, out int row)
    {
        long ordinal = OrdinalOf(rowId);
        chunk = (int)(ordinal / Limits.ChunkRowCount);
        row = RowOf(ordinal);
    }

    /// <inheritdoc/>
    public override long RowIdOf(int chunk, int row) =>
        FirstRowId + ((long)chunk * Limits.ChunkRowCount) + row;

    /// <inheritdoc/>
    public override int ColumnCountOf(int chunk) =>
        Volatile.Read(ref _chunks)[chunk].Columns.Length;

    /// <inheritdoc/>
    public override ColumnStore StoreOf(int chunk, int column) =>
        Volatile.Read(ref _chunks)[chunk].Columns[column];

    /// <inheritdoc/>
    public override TableSlice Slice(int chunk, long begun, in SnapshotView view)
    {
        long first = (long)chunk * Limits.ChunkRowCount;
        int count = (int)Math.Min(Limits.ChunkRowCount, begun - first);
        RowChunk rows = ChunkOf(first);
        ulong[] mask = rows.FirstEnd > view.Timestamp
            ? []
            : VersionMask.Build(rows.Ends[..count], view.Timestamp);
        first += FirstRowId;
        if (view.Pending is not null && view.Pending.HasEnded(first, first + count - 1))
        {
            mask = mask.Length == 0 ? VersionMask.Full(count) : mask;
            view.Pending.ClearEnded(mask, first, count, view.Operation);
        }

        return new TableSlice(rows.Columns, count, mask, first, isPending: false);
    }

    /// <inheritdoc/>
    public override bool TryGetZone(int chunk, int column, out ZoneMap zone)
    {
        zone = default;
        return false;
    }

    /// <inheritdoc/>
    public override IEnumerable<LiveRows> LiveRowsAt(long timestamp)
    {
        long begun = CountBegun(timestamp);
        int[] rows = [];
        long[] rowIds = [];
        for (long first = 0; first < begun; first += Limits.ChunkRowCount)
        {
            RowChunk chunk = ChunkOf(first);
            int count = (int)Math.Min(Limits.ChunkRowCount, begun - first);
            int alive = 0;
            for (int row = 0; row < count; row++)
            {
                alive += chunk.EndAt(row) > timestamp ? 1 : 0;
            }

            if (alive == 0)
            {
                continue;
            }

            if (alive != rows.Length)
            {
                rows = new int[alive];
                rowIds = new long[alive];
            }

            int at = 0;
            for (int row = 0; at < alive; row++)
            {
                // A row that ends meanwhile ends behind the timestamp.
                rows[at] = row;
                rowIds[at] = FirstRowId + first + row;
                at += chunk.EndAt(row) > timestamp ? 1 : 0;
            }

            yield return new LiveRows(chunk.Columns, rows, rowIds);
        }
    }

    /// <summary>Tells the bytes of values that were appended, roughly.</summary>
    public void AddSize(long bytes) =>
        Volatile.Write(ref _valueSizeBytes, _valueSizeBytes + bytes);

    /// <inheritdoc/>
    protected override void EndRow(long rowId, long timestamp)
    {
        long ordinal = OrdinalOf(rowId);
        Volatile.Write(ref _hasEnded, true);
        ChunkOf(ordinal).End(RowOf(ordinal), timestamp);
    }

    // Nearly every candidate is the row: its values are on their way while its key is compared.
    private static void Prefetch(ColumnStore[] columns, int row, ReadOnlySpan<int> ordinals)
    {
        foreach (int ordinal in ordinals)
        {
            if (ordinal < columns.Length)
            {
                columns[ordinal].Prefetch(row);
            }
        }
    }

    private long OrdinalOf(long rowId)
    {
        Invariant.Check(rowId >= FirstRowId && rowId < EndRowId);
        return rowId - FirstRowId;
    }

    private long BeginOf(long ordinal) => ChunkOf(ordinal).BeginAt(RowOf(ordinal));
}
