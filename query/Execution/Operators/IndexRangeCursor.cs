using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The state of an <see cref="IndexRange"/>. Ordered batches grow, so that the first rows come
/// soon; otherwise the rows come in the order of their numbers, as from a scan.
/// </summary>
internal sealed class IndexRangeCursor(IndexRange range, ExecutionContext context) : BatchCursor
{
    private const int BatchRowCountFirst = 128;

    // Reading a row by an index costs as much as passing over this many in a scan.
    private const int RowCostOverScan = 16;

    // The transaction's own rows come behind all others.
    private const long OwnRows = 1L << 62;
    private readonly List<IndexReader> _readers = [];
    private TableSnapshot? _snapshot;
    private BatchCursor? _scan;
    private RowPlace[]? _all;
    private int _next;
    private int _nextCount = BatchRowCountFirst;
    private bool _isDone;
    private bool _isChecked;

    private long EntryCountMax => Math.Max(
        Limits.BatchRowCount, range.Scan.Table.Rows.LiveCount / RowCostOverScan);

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        if (_snapshot is null)
        {
            Begin();
        }

        while (!_isDone && _scan is null)
        {
            context.ThrowIfCancelled();
            RowBatch? batch = range.Order == KeyRangeOrder.None ? ReadAll() : ReadNext();
            if (batch is not null && range.Condition is not null && !_isChecked)
            {
                int[]? rows = Conditions.Rows(range.Condition, batch, context);
                batch = rows is null ? batch : batch.Gather(rows);
            }

            if (batch is { Count: > 0 })
            {
                return batch;
            }
        }

        return _scan?.Next();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _scan?.Dispose();
        _scan = null;
        base.Dispose();
    }

    private void Begin()
    {
        TableEntry table = range.Scan.Table;
        _snapshot = context.Open(table);
        IndexEntry index = range.Match.Index;
        IndexKeys keys = LearnedIndex.Of(index, table).Keys;
        bool isOrdered = range.Order != KeyRangeOrder.None;
        bool isByKeys = !isOrdered && (!range.Match.IsOneKey || keys[0].IsDoubtful);
        if (isByKeys && range.Match.TryKeys(
            keys, range.IsNotNull, context, out ulong[][] codes, out Value[][]? values))
        {
            BeginBatched(index, keys, codes, values);
            return;
        }

        long entries = 0;
        foreach (IndexBounds bounds in range.Match.At(keys, range.IsNotNull, context))
        {
            Invariant.Check(!isOrdered || _readers.Count == 0);
            IndexReader reader = _snapshot.Range(
                index, bounds, isOrdered, range.Order == KeyRangeOrder.Descending);
            _readers.Add(reader);
            entries += reader.EntryCount;
        }

        _isDone = entries == 0;
        if (!isOrdered && entries > EntryCountMax)
        {
            Scan();
        }
    }

    // Many keys go down the index together.
    private void BeginBatched(
        IndexEntry index, IndexKeys keys, ulong[][] codes, Value[][]? values)
    {
        var hits = new List<IndexHit>(codes[0].Length);
        if (codes[0].Length > 0 && !_snapshot!.Find(
            index, codes, hits, EntryCountMax,
            values is null ? null : (key, column) => values[column][key]))
        {
            Scan();
            return;
        }

        var places = new RowPlace[hits.Count];
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = hits[i].Place;
        }

        _isDone = places.Length == 0;
        _all = Sorted(places);
        if (values is not null)
        {
            _all = Distinct(_all);
        }

        _isChecked = range.IsWholeMatch;
        for (int column = 0; column < codes.Length && _isChecked; column++)
        {
            IndexColumnCoder coder = keys[column];
            _isChecked = Array.TrueForAll(codes[column], coder.IsExact);
        }
    }

    private void Scan()
    {
        _scan = range.Scan.OpenUnmeasured(context);
        if (context.Profile?.Find(range) is { } profile)
        {
            profile.IsByScan = true;
        }
    }

    private RowBatch? ReadNext()
    {
        var places = new RowPlace[Math.Min(Limits.BatchRowCount, _nextCount)];
        int read = _readers[0].Read(places);
        _nextCount = 4 * places.Length;
        _isDone = read < places.Length;
        return Fetch(places.AsSpan(0, read));
    }

    private RowBatch? ReadAll()
    {
        _all ??= FindAll();
        int count = Math.Min(Limits.BatchRowCount, _all.Length - _next);
        _next += count;
        _isDone = _next == _all.Length;
        return Fetch(_all.AsSpan(_next - count, count));
    }

    private RowPlace[] FindAll()
    {
        var all = new List<RowPlace>();
        var piece = new RowPlace[Limits.BatchRowCount];
        foreach (IndexReader reader in _readers)
        {
            int count;
            while ((count = reader.Read(piece)) > 0)
            {
                all.AddRange(piece.AsSpan(0, count));
            }
        }

        return Sorted([.. all]);
    }

    private static RowPlace[] Distinct(RowPlace[] sorted)
    {
        int kept = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || sorted[i] != sorted[i - 1])
            {
                sorted[kept++] = sorted[i];
            }
        }

        return kept == sorted.Length ? sorted : sorted[..kept];
    }

    // Numbers with the places' ordinals below them are sorted much faster than two arrays.
    private static RowPlace[] Sorted(RowPlace[] places)
    {
        int bits = System.Numerics.BitOperations.Log2((uint)places.Length | 1) + 1;
        var numbers = new ulong[places.Length];
        ulong all = 0;
        for (int i = 0; i < places.Length; i++)
        {
            long rowId = TableSnapshot.AddressOf(places[i]).RowId;
            numbers[i] = (ulong)(rowId >= 0 ? rowId : OwnRows + ~rowId);
            all |= numbers[i];
        }

        if (all >> (64 - bits) != 0)
        {
            Array.Sort(numbers, places);
            return places;
        }

        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = (numbers[i] << bits) | (uint)i;
        }

        RadixSort.Sort(numbers, bits);
        var sorted = new RowPlace[places.Length];
        for (int i = 0; i < sorted.Length; i++)
        {
            sorted[i] = places[numbers[i] & ((1UL << bits) - 1)];
        }

        return sorted;
    }

    private RowBatch? Fetch(ReadOnlySpan<RowPlace> places) => places.Length == 0
        ? null
        : PlacedRows.Fetch(_snapshot!, range.Scan.Ordinals, range.Scan.WithRowAddress, places);
}
