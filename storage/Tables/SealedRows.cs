namespace NeuroDb.Storage;

/// <summary>
/// Row versions in a segment file, and what of them ended: the dead, which nobody sees who has this
/// part in his layout, and the ends of those that lived when the part was made. All versions of the
/// file began at one timestamp, that of the commit that brought the file, or before any snapshot
/// that has the part in its layout. Columns are read when they are asked for.
/// </summary>
internal sealed partial class SealedRows : RowPart
{
    private readonly TableSchema _schema;
    private readonly ulong[]?[] _dead;
    private readonly uint[]?[] _numbers;
    private readonly ChunkEnds?[] _ends;
    private readonly long _begin;
    private long _endCount;

    /// <summary>Makes the part of a segment.</summary>
    /// <param name="file">The segment; closed by its owner after the last layout.</param>
    /// <param name="schema">The columns and keys of the table.</param>
    /// <param name="firstRowId">The number that the numbers in the file are relative to.</param>
    /// <param name="endRowId">The number after the range of the part.</param>
    /// <param name="dead">
    /// For each chunk one bit for each dead row, or null where none is; null if there is none.
    /// </param>
    /// <param name="begin">The timestamp from which on the rows are seen.</param>
    public SealedRows(
        SegmentFile file,
        TableSchema schema,
        long firstRowId,
        long endRowId,
        ulong[]?[]? dead,
        long begin = 0)
        : this(file, schema, firstRowId, endRowId, dead, new uint[]?[file.ChunkCount])
    {
        _begin = begin;
    }

    private SealedRows(
        SegmentFile file, TableSchema schema, long firstRowId, long endRowId, ulong[]?[]? dead,
        uint[]?[] numbers)
        : base(firstRowId)
    {
        _dead = dead ?? new ulong[]?[file.ChunkCount];
        Invariant.Check(_dead.Length == file.ChunkCount);
        Invariant.Check(
            file.ChunkCount == 0
            || firstRowId + file.LastRowNumber(file.ChunkCount - 1) < endRowId);
        File = file;
        _schema = schema;
        EndRowId = endRowId;
        _numbers = numbers;
        _ends = new ChunkEnds?[file.ChunkCount];
        foreach (ulong[]? chunk in _dead)
        {
            DeadCount += VersionMask.Count(chunk);
        }
    }

    /// <summary>The segment.</summary>
    public SegmentFile File { get; }

    /// <inheritdoc/>
    public override long EndRowId { get; }

    /// <inheritdoc/>
    public override long RowCount => File.RowCount;

    /// <summary>How many columns the file has; the table may have got more since.</summary>
    public int ColumnCount => File.Directory.ColumnCount;

    /// <summary>The versions that were dead when the part was made.</summary>
    public long DeadCount { get; }

    /// <summary>The versions that live at the newest commit.</summary>
    public long LiveCount => RowCount - DeadCount - Volatile.Read(ref _endCount);

    /// <inheritdoc/>
    public override long IndexSizeBytes => 0;

    /// <inheritdoc/>
    public override bool IsWhole => LiveCount == RowCount;

    /// <inheritdoc/>
    public override long CountBegun(long timestamp) =>
        timestamp >= _begin ? File.RowCount : 0;

    /// <inheritdoc/>
    public override bool IsVisible(long rowId, long timestamp) =>
        TryLocate(rowId, out int chunk, out int row) && IsVisible(chunk, row, timestamp);

    /// <inheritdoc/>
    public override bool IsLive(long rowId) => IsVisible(rowId, long.MaxValue - 1);

    /// <inheritdoc/>
    public override void Locate(long rowId, out int chunk, out int row)
    {
        bool isThere = TryLocate(rowId, out chunk, out row);
        Invariant.Check(isThere);
    }

    /// <inheritdoc/>
    public override long RowIdOf(int chunk, int row) =>
        FirstRowId + File.FirstRowNumber(chunk) + (NumbersOf(chunk)?[row] ?? (uint)row);

    /// <summary>Whether a timestamp sees the version at a place.</summary>
    public bool IsVisible(int chunk, int row, long timestamp)
    {
        ulong[]? dead = _dead[chunk];
        return timestamp >= _begin
            && (dead is null || !IsSet(dead, row))
            && (Volatile.Read(ref _ends[chunk])?.EndAt(row) ?? long.MaxValue) > timestamp;
    }

    /// <inheritdoc/>
    public override int ColumnCountOf(int chunk) => ColumnCount;

    /// <inheritdoc/>
    public override ColumnStore StoreOf(int chunk, int column) => File.Column(chunk, column);

    /// <inheritdoc/>
    public override TableSlice Slice(int chunk, long begun, in SnapshotView view)
    {
        int count = File.RowCountOf(chunk);
        long first = FirstRowId + File.FirstRowNumber(chunk);
        long last = FirstRowId + File.LastRowNumber(chunk);
        ulong[] mask = MaskAt(chunk, view.Timestamp);
        PendingRows? pending = view.Pending;
        if (pending is not null && pending.HasEnded(first, last))
        {
            mask = mask.Length == 0 ? VersionMask.Full(count) : mask;
            foreach (long rowId in pending.EndedBetween(first, last, view.Operation))
            {
                Locate(rowId, out _, out int row);
                mask[row >> 6] &= ~(1UL << row);
            }
        }

        return new TableSlice(this, chunk, mask);
    }

    /// <inheritdoc/>
    public override bool TryGetZone(int chunk, int column, out ZoneMap zone)
    {
        if (column >= ColumnCount)
        {
            zone = default;
            return false;
        }

        zone = File.Zone(chunk, column);
        return true;
    }

    /// <summary>
    /// The number of each row of a chunk, less that of the first; null if they have no gaps.
    /// </summary>
    public uint[]? NumbersOf(int chunk)
    {
        if (File.IsConsecutive(chunk))
        {
            return null;
        }

        uint[]? numbers = Volatile.Read(ref _numbers[chunk]);
        if (numbers is null)
        {
            long first = File.FirstRowNumber(chunk);
            numbers = [.. File.ReadRowNumbers(chunk).Select(
                number => checked((uint)(number - first)))];
            Volatile.Write(ref _numbers[chunk], numbers);
        }

        return numbers;
    }

    /// <inheritdoc/>
    public override IEnumerable<LiveRows> LiveRowsAt(long timestamp)
    {
        int[] all = [];
        long[] rowIds = [];
        var read = new ColumnStore?[ColumnCount];
        for (int chunk = 0; timestamp >= _begin && chunk < File.ChunkCount; chunk++)
        {
            int count = File.RowCountOf(chunk);
            all = all.Length == count ? all : VersionMask.Rows([], count);
            ulong[] mask = MaskAt(chunk, timestamp);
            int[] rows = mask.Length == 0 ? all : VersionMask.Rows(mask, count);
            if (rows.Length == 0)
            {
                continue;
            }

            var columns = new ColumnStore[ColumnCount];
            for (int i = 0; i < columns.Length; i++)
            {
                bool isThere = File.TryColumn(chunk, i, out ColumnStore? store);
                columns[i] = isThere ? store! : read[i] = File.Read(chunk, i, read[i]);
            }

            rowIds = rowIds.Length == rows.Length ? rowIds : new long[rows.Length];
            for (int i = 0; i < rowIds.Length; i++)
            {
                rowIds[i] = RowIdOf(chunk, rows[i]);
            }

            yield return new LiveRows(columns, rows, rowIds);
        }
    }

    /// <summary>
    /// For each chunk the rows that are gone at a timestamp, 64 words each, or null where none is.
    /// </summary>
    public ulong[]?[] DeadAt(long timestamp, out long deadCount)
    {
        var dead = new ulong[]?[File.ChunkCount];
        deadCount = 0;
        for (int chunk = 0; chunk < dead.Length; chunk++)
        {
            ulong[] mask = MaskAt(chunk, timestamp);
            if (mask.Length > 0)
            {
                ulong[] gone = VersionMask.Not(mask, File.RowCountOf(chunk));
                deadCount += VersionMask.Count(gone);
                dead[chunk] = gone;
            }
        }

        return dead;
    }

    /// <summary>
    /// The part for a layout that no snapshot before a timestamp sees, with other dead rows and
    /// without ends; the file and what was read of it are shared.
    /// </summary>
    public SealedRows WithDead(ulong[]?[] dead) =>
        new(File, _schema, FirstRowId, EndRowId, dead, _numbers);

    /// <inheritdoc/>
    protected override void EndRow(long rowId, long timestamp)
    {
        Locate(rowId, out int chunk, out int row);
        Invariant.Check(IsVisible(chunk, row, long.MaxValue - 1));
        ChunkEnds ends = _ends[chunk] ?? new ChunkEnds(File.RowCountOf(chunk));
        ends.End(row, timestamp);
        Volatile.Write(ref _ends[chunk], ends);
        Volatile.Write(ref _endCount, _endCount + 1);
    }

    private static bool IsSet(ulong[] mask, int row) => (mask[row >> 6] & (1UL << row)) != 0;

    // Empty if all rows of the chunk are seen.
    private ulong[] MaskAt(int chunk, long timestamp)
    {
        int count = File.RowCountOf(chunk);
        ChunkEnds? ends = Volatile.Read(ref _ends[chunk]);
        ulong[] mask = ends is null || ends.First > timestamp
            ? []
            : VersionMask.Build(ends.All, timestamp);
        ulong[]? dead = _dead[chunk];
        if (dead is not null)
        {
            mask = mask.Length == 0 ? VersionMask.Full(count) : mask;
            for (int i = 0; i < mask.Length; i++)
            {
                mask[i] &= ~dead[i];
            }
        }

        return mask;
    }

    private bool TryLocate(long rowId, out int chunk, out int row)
    {
        long number = rowId - FirstRowId;
        int low = 0;
        int high = File.ChunkCount - 1;
        while (low < high)
        {
            int middle = (low + high + 1) >>> 1;
            if (File.FirstRowNumber(middle) <= number)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        chunk = low;
        row = -1;
        if (high < 0 || number < File.FirstRowNumber(low) || number > File.LastRowNumber(low))
        {
            return false;
        }

        long distance = number - File.FirstRowNumber(low);
        uint[]? numbers = NumbersOf(low);
        row = numbers is null
            ? (int)distance
            : Array.BinarySearch(numbers, checked((uint)distance));
        return row >= 0;
    }

    /// <summary>The ends of the rows of a chunk. One writer, many readers.</summary>
    private sealed class ChunkEnds
    {
        private readonly long[] _ends;
        private long _first = long.MaxValue;

        public ChunkEnds(int count)
        {
            _ends = new long[count];
            _ends.AsSpan().Fill(long.MaxValue);
        }

        public ReadOnlySpan<long> All => _ends;

        public long First => Volatile.Read(ref _first);

        public long EndAt(int row) => Volatile.Read(ref _ends[row]);

        public void End(int row, long timestamp)
        {
            Volatile.Write(ref _ends[row], timestamp);
            if (timestamp < _first)
            {
                Volatile.Write(ref _first, timestamp);
            }
        }
    }
}
