using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace NeuroDb.Storage;

/// <summary>
/// A table as one transaction sees it at the moment of opening: what was committed at the
/// transaction's timestamp, and the transaction's own writes up to then; writes made afterwards do
/// not show, so a statement may change the table that it reads. Safe for several threads as long as
/// the transaction does not write or roll back meanwhile.
/// </summary>
internal sealed class TableSnapshot
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

    /// <summary>The row of a key, through the indexes of the key.</summary>
    /// <param name="keyOrdinal">The index into the keys of the schema.</param>
    /// <param name="key">
    /// The values in the order of the key's columns, of their physical kinds; a NULL finds nothing.
    /// </param>
    /// <param name="row">The row, if there is one.</param>
    public bool TryFind(int keyOrdinal, ReadOnlySpan<Value> key, out RowAddress row)
    {
        row = default;
        if (!SoughtKey.TryOf(Table.Rows, keyOrdinal, key, out SoughtKey sought))
        {
            return false;
        }

        bool isThere = _layout.TryFind(sought, _view.Timestamp, out long rowId);
        _reads?.AddLookup(keyOrdinal, key, isThere ? rowId : -1);
        if (isThere && _view.Pending?.IsEnded(rowId, _view.Operation) != true)
        {
            row = new RowAddress(rowId);
            return true;
        }

        if (_pendingCount > 0
            && _view.Pending!.Keys.TryFind(
                sought, _pendingCount, _view.Operation, -1, out long position))
        {
            row = RowAddress.OfPending(position);
            return true;
        }

        return false;
    }

    /// <summary>
    /// Walks over the rows whose key lies between two values, both included, in its order.
    /// </summary>
    /// <param name="keyOrdinal">
    /// The index into the keys of the schema: one that <see cref="KeyCode.IsOrdered"/>.
    /// </param>
    /// <param name="low">The lowest value.</param>
    /// <param name="high">The highest value; below the lowest one there is no row.</param>
    /// <param name="isDescending">Whether the highest value comes first.</param>
    public KeyRangeReader Range(int keyOrdinal, long low, long high, bool isDescending)
    {
        _reads?.AddScan();
        return new KeyRangeReader(
            _layout, _view, _pendingCount, Table.Schema, keyOrdinal, low, high, isDescending);
    }

    /// <summary>Walks over the rows between bounds of a learned index.</summary>
    /// <param name="index">The index, of this table.</param>
    /// <param name="bounds">What is asked for.</param>
    /// <param name="isOrdered">Whether the rows come in the order of the index.</param>
    /// <param name="isDescending">Whether the last one comes first.</param>
    public IndexReader Range(
        IndexEntry index, in IndexBounds bounds, bool isOrdered, bool isDescending)
    {
        _reads?.AddScan();
        return new IndexReader(
            _layout, _view, _pendingCount, LearnedIndex.Of(index, Table), bounds, isOrdered,
            isDescending);
    }

    /// <summary>The rows of many keys of a learned index at once.</summary>
    /// <param name="index">The index, of this table.</param>
    /// <param name="codes">For each of the first columns the codes of the keys.</param>
    /// <param name="found">
    /// Takes the key and the place of each row; codes that are not exact let in others.
    /// </param>
    public void Find(IndexEntry index, ulong[][] codes, List<IndexHit> found)
    {
        _reads?.AddScan();
        IndexLookups.Find(
            _layout, _view, _pendingCount, LearnedIndex.Of(index, Table), codes, found);
    }

    /// <summary>
    /// The rows of many values of a primary or unique key at once, as for a foreign key.
    /// </summary>
    /// <param name="keyOrdinal">The index into the keys of the schema.</param>
    /// <param name="columns">
    /// The values, a column for each of the key's, of their physical kinds.
    /// </param>
    /// <param name="rows">Takes the rows; null for a value that is NULL or not there.</param>
    public void FindMany(
        int keyOrdinal, IReadOnlyList<ColumnBuffer> columns, Span<RowAddress?> rows)
    {
        var key = new Value[columns.Count];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int column = 0; column < key.Length; column++)
            {
                key[column] = columns[column].GetValue(i);
            }

            rows[i] = TryFind(keyOrdinal, key, out RowAddress row) ? row : null;
        }
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
