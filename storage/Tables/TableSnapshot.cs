using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace NeuroDb.Storage;

/// <summary>
/// A table as one transaction sees it at the moment of opening: what was committed at the
/// transaction's timestamp, and the transaction's own writes up to then; writes made afterwards do
/// not show, so a statement may change the table that it reads. Safe for several threads as long as
/// the transaction does not write or roll back meanwhile.
/// </summary>
internal sealed partial class TableSnapshot
{
    private readonly TableLayout _layout;
    private readonly SnapshotView _view;
    private readonly TableReads? _reads;
    private readonly long _pendingCount;
    private Slices? _slices;

    /// <summary>Opens a table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="layout">Its layout in the generation of the transaction.</param>
    /// <param name="view">Whose view it is.</param>
    /// <param name="reads">Notes what is read, for a serializable transaction.</param>
    public TableSnapshot(
        TableEntry table, TableLayout layout, SnapshotView view, TableReads? reads)
    {
        Table = table;
        _layout = layout;
        _view = view;
        _reads = reads;
        _pendingCount = view.Pending?.Count ?? 0;
    }

    /// <summary>The table.</summary>
    public TableEntry Table { get; }

    /// <summary>Opens the large values of the table; null where there are none.</summary>
    public ILargeValues? LargeValues { get; init; }

    /// <summary>How many slices; some may have no visible row.</summary>
    public int SliceCount
    {
        get
        {
            // Whoever reads rows asks for this first, also where there are none.
            _reads?.AddScan();
            return All.PendingStart + RowPart.ChunksOf(_pendingCount);
        }
    }

    // What a timestamp sees of a part never changes, so it does not matter when it is counted, and
    // whoever looks for a key needs no count.
    private Slices All => _slices ??= new Slices(_layout, _view.Timestamp);

    /// <summary>
    /// One slice: those of the table in the order of the row numbers, then the own rows.
    /// </summary>
    public TableSlice Slice(int i)
    {
        Slices all = All;
        Invariant.Check(i >= 0 && i < all.PendingStart + RowPart.ChunksOf(_pendingCount));
        TableSlice slice;
        if (i >= all.PendingStart)
        {
            slice = PendingSliceOf(i - all.PendingStart);
        }
        else
        {
            int part = all.PartOf(i);
            slice = _layout.Parts[part].Slice(i - all.Starts[part], all.Begun[part], _view);
        }

        slice.LargeValues = LargeValues;
        slice.Table = Table;
        return slice;
    }

    /// <summary>The parts of the table, the transaction's own rows not included.</summary>
    public int PartCount => _layout.Parts.Length;

    /// <summary>The first slice of the transaction's own rows.</summary>
    public int PendingSlice => All.PendingStart;

    /// <summary>One part; it may have no slice.</summary>
    public SnapshotPart PartAt(int i)
    {
        _reads?.AddScan();
        Slices all = All;
        RowPart part = _layout.Parts[i];
        return new SnapshotPart(part, all.Starts[i], RowPart.ChunksOf(all.Begun[i]), all.Begun[i]);
    }

    /// <summary>Which rows of a part are seen, counted from a chunk; null if all of them.</summary>
    public CandidateFilter? VisibleFilter(in SnapshotPart part, int firstChunk)
    {
        bool isWhole = part.Rows.IsWhole
            && (_view.Pending is null || !_view.Pending.HasEnded(
                part.Rows.FirstRowId, part.Rows.EndRowId - 1));
        return isWhole ? null : new VisibleFilter(part.Rows, _view, firstChunk);
    }

    /// <summary>Where the row lies that stands so far behind the first of all slices.</summary>
    public RowPlace PlaceAt(long id)
    {
        Slices all = All;
        int slice = (int)(id / Limits.ChunkRowCount);
        if (slice >= all.PendingStart)
        {
            return RowPlace.Of(null, id - ((long)all.PendingStart * Limits.ChunkRowCount));
        }

        int part = all.PartOf(slice);
        return new RowPlace(
            _layout.Parts[part], slice - all.Starts[part], (int)(id % Limits.ChunkRowCount));
    }

    /// <summary>
    /// How far behind the first of all slices a row stands that the snapshot gave: the inverse of
    /// <see cref="PlaceAt"/>.
    /// </summary>
    public long PositionOf(RowAddress row)
    {
        Slices all = All;
        if (row.IsPending)
        {
            return ((long)all.PendingStart * Limits.ChunkRowCount) + ~row.RowId;
        }

        int ordinal = _layout.OrdinalOf(row.RowId);
        _layout.Parts[ordinal].Locate(row.RowId, out int chunk, out int rowInChunk);
        return ((long)(all.Starts[ordinal] + chunk) * Limits.ChunkRowCount) + rowInChunk;
    }

    /// <summary>
    /// Where a slice is; false for one of the transaction's own rows, which are nowhere yet.
    /// </summary>
    public bool TryLocate(int i, [NotNullWhen(true)] out RowPart? part, out int chunk)
    {
        Slices all = All;
        part = null;
        chunk = 0;
        if (i >= all.PendingStart)
        {
            return false;
        }

        int ordinal = all.PartOf(i);
        part = _layout.Parts[ordinal];
        chunk = i - all.Starts[ordinal];
        return true;
    }

    /// <summary>
    /// What is known about a column of a slice without reading it, dead rows included; false if
    /// nothing is.
    /// </summary>
    public bool TryGetZone(int i, int column, out ZoneMap zone)
    {
        Slices all = All;
        if (i >= all.PendingStart)
        {
            zone = default;
            return false;
        }

        int part = all.PartOf(i);
        return _layout.Parts[part].TryGetZone(i - all.Starts[part], column, out zone);
    }

    /// <summary>The values of a column for some rows, in their order.</summary>
    public ColumnBuffer Fetch(int column, ReadOnlySpan<RowPlace> rows) =>
        Table.Rows.Template[column].Gather(new StoreCursor(this, column), rows);

    /// <summary>The values of a column for some rows, in their order.</summary>
    public ColumnBuffer Fetch(int column, ReadOnlySpan<RowAddress> rows)
    {
        RowPlace[]? rented = rows.Length > 1 ? ArrayPool<RowPlace>.Shared.Rent(rows.Length) : null;
        var single = default(RowPlace);
        Span<RowPlace> places = rented is null
            ? new Span<RowPlace>(ref single)[..rows.Length]
            : rented.AsSpan(0, rows.Length);
        for (int i = 0; i < rows.Length; i++)
        {
            places[i] = PlaceOf(rows[i]);
        }

        ColumnBuffer values = Fetch(column, places);
        if (rented is not null)
        {
            ArrayPool<RowPlace>.Shared.Return(rented, clearArray: true);
        }

        return values;
    }

    /// <summary>Where a row lies that the snapshot gave.</summary>
    public RowPlace PlaceOf(RowAddress row)
    {
        if (row.IsPending)
        {
            return RowPlace.Of(null, ~row.RowId);
        }

        bool isThere = _layout.TryPartOf(row.RowId, out RowPart part);
        Invariant.Check(isThere);
        part.Locate(row.RowId, out int chunk, out int rowInChunk);
        return new RowPlace(part, chunk, rowInChunk);
    }

    /// <summary>The address of the row at a place.</summary>
    public static RowAddress AddressOf(in RowPlace place) => place.Part is null
        ? RowAddress.OfPending(((long)place.Chunk * Limits.ChunkRowCount) + place.Row)
        : new RowAddress(place.Part.RowIdOf(place.Chunk, place.Row));

    /// <summary>The store that holds a column of the chunk of a place.</summary>
    public ColumnStore StoreOf(in RowPlace place, int column) => place.Part is null
        ? PendingStoreOf(place.Chunk, column)
        : column < place.Part.ColumnCountOf(place.Chunk)
            ? place.Part.StoreOf(place.Chunk, column)
            : Table.InitialStore(column, Limits.ChunkRowCount);

    /// <summary>The vector at a place, which is not NULL.</summary>
    public ReadOnlySpan<float> VectorAt(int column, in RowPlace place) =>
        ((FloatVectorStore)StoreOf(place, column)).RowAt(place.Row);

    /// <summary>The store that holds a column of a chunk of pending rows.</summary>
    internal ColumnStore PendingStoreOf(int chunk, int column) =>
        _view.Pending!.Chunks[chunk].Column(column);

    private TableSlice PendingSliceOf(int i)
    {
        long first = (long)i * Limits.ChunkRowCount;
        int count = (int)Math.Min(Limits.ChunkRowCount, _pendingCount - first);
        PendingChunk chunk = _view.Pending!.ChunkOf(first);
        ulong[] mask = [];
        if (chunk.MayHaveKilled)
        {
            mask = VersionMask.Full(count);
            for (int row = 0; row < count; row++)
            {
                if (chunk.KilledAt(row) <= _view.Operation)
                {
                    mask[row >> 6] &= ~(1UL << row);
                }
            }
        }

        return chunk.Slice(count, mask, first);
    }

    /// <summary>Where the slices of each part begin, and how many rows of it have begun.</summary>
    private sealed class Slices
    {
        public Slices(TableLayout layout, long timestamp)
        {
            Starts = new int[layout.Parts.Length];
            Begun = new long[layout.Parts.Length];
            for (int i = 0; i < Starts.Length; i++)
            {
                Starts[i] = PendingStart;
                Begun[i] = layout.Parts[i].CountBegun(timestamp);
                PendingStart = checked(PendingStart + RowPart.ChunksOf(Begun[i]));
            }
        }

        public int[] Starts { get; }

        public long[] Begun { get; }

        public int PendingStart { get; }

        // The last part that begins at the slice or before: one without a slice begins where the
        // next one does.
        public int PartOf(int slice)
        {
            int part = Array.BinarySearch(Starts, slice);
            part = part < 0 ? ~part - 1 : part;
            while (part + 1 < Starts.Length && Starts[part + 1] == slice)
            {
                part++;
            }

            Invariant.Check(Begun[part] > 0);
            return part;
        }
    }
}
