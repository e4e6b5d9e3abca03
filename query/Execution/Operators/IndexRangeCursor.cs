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
            if (batch is not null && range.Condition is not null)
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
        _snapshot = context.Transaction.Open(table);
        IndexEntry index = range.Match.Index;
        IndexKeys keys = LearnedIndex.Of(index, table).Keys;
        bool isOrdered = range.Order != KeyRangeOrder.None;
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
        if (!isOrdered && entries > table.Rows.LiveCount / RowCostOverScan
            && entries > Limits.BatchRowCount)
        {
            _scan = range.Scan.OpenUnmeasured(context);
            if (context.Profile?.Find(range) is { } profile)
            {
                profile.IsByScan = true;
            }
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

        RowPlace[] places = [.. all];
        var numbers = new long[places.Length];
        for (int i = 0; i < places.Length; i++)
        {
            long rowId = TableSnapshot.AddressOf(places[i]).RowId;
            numbers[i] = rowId >= 0 ? rowId : OwnRows + ~rowId;
        }

        Array.Sort(numbers, places);
        return places;
    }

    private RowBatch? Fetch(ReadOnlySpan<RowPlace> places) => places.Length == 0
        ? null
        : PlacedRows.Fetch(_snapshot!, range.Scan.Ordinals, range.Scan.WithRowAddress, places);
}
