using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The state of a <see cref="KeyRange"/>. Batches grow, so that the first rows come soon; the
/// arrays are kept for the next execution of a range that was read with one of them.
/// </summary>
internal sealed class KeyRangeCursor(KeyRange range, ExecutionContext context) : BatchCursor
{
    private const int BatchRowCountFirst = 128;

    // Reading a row by its key costs as much as passing over this many in a scan.
    private const int RowCostOverScan = 16;

    // The transaction's own rows come behind all others.
    private const long OwnRows = 1L << 62;
    private TableSnapshot? _snapshot;
    private KeyRangeReader? _reader;
    private BatchCursor? _scan;
    private long[] _keys = [];
    private RowPlace[] _places = [];
    private long _rowsLeft;
    private int _nextCount;
    private int _foundCount;
    private int _next;
    private bool _isDone;

    /// <inheritdoc/>
    public override bool CanRestart => true;

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
            RowBatch? batch = range.Order switch
            {
                KeyRangeOrder.None => ReadAll(),
                KeyRangeOrder.Ends => ReadEnds(),
                _ => ReadNext(),
            };
            batch = batch is null ? null : Filtered(batch);
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
        _reader = null;
        _snapshot = null;
        _isDone = false;
        _places.AsSpan().Clear();
        base.Dispose();
    }

    private void Begin()
    {
        _snapshot = context.Open(range.Scan.Table);
        _isDone = !KeyBound.TryRange(range.Bounds, context, out long low, out long high);
        if (_isDone)
        {
            return;
        }

        _reader = _snapshot.Range(
            range.KeyOrdinal, low, high, range.Order == KeyRangeOrder.Descending);
        _nextCount = BatchRowCountFirst;
        _foundCount = -1;
        _next = 0;
        _rowsLeft = RowCountMax();
        long live = range.Scan.Table.Rows.LiveCount;
        if (range.Order == KeyRangeOrder.None && _reader.EntryCount > live / RowCostOverScan)
        {
            _scan = range.Scan.OpenUnmeasured(context);
            if (context.Profile?.Find(range) is { } profile)
            {
                profile.IsByScan = true;
            }
        }
        else if (range.Order == KeyRangeOrder.Ends)
        {
            _places = new RowPlace[2];
            _keys = new long[2];
            KeyRangeReader last = _snapshot.Range(
                range.KeyOrdinal, low, high, isDescending: true);
            int count = _reader.Read(_keys.AsSpan(0, 1), _places.AsSpan(0, 1));
            _nextCount = count + last.Read(_keys.AsSpan(count, 1), _places.AsSpan(count, 1));
        }
    }

    private long RowCountMax()
    {
        long limit = Conditions.CountOf(range.Limit, long.MaxValue, context);
        long offset = Conditions.CountOf(range.Offset, 0, context);
        bool isAll = range.Rest is not null || limit > long.MaxValue - offset;
        return isAll ? long.MaxValue : limit + offset;
    }

    private RowBatch? ReadEnds()
    {
        _isDone = true;
        return Fetch(_keys.AsSpan(0, _nextCount), _places.AsSpan(0, _nextCount));
    }

    private RowBatch? ReadNext()
    {
        int count = Math.Min(Limits.BatchRowCount, _nextCount);
        count = (int)Math.Min(count, Math.Min(_rowsLeft, _reader!.EntryCount));
        Reserve(count);
        int read = _reader.Read(_keys.AsSpan(0, count), _places.AsSpan(0, count));
        _rowsLeft -= read;
        _nextCount = 4 * count;
        _isDone = read < count || _rowsLeft == 0 || count == 0;
        return Fetch(_keys.AsSpan(0, read), _places.AsSpan(0, read));
    }

    // In the order of the row numbers, as the scan gives them, and nearby rows one after the other.
    private RowBatch? ReadAll()
    {
        if (_foundCount < 0)
        {
            FindAll();
        }

        int count = Math.Min(Limits.BatchRowCount, _foundCount - _next);
        _next += count;
        _isDone = _next == _foundCount;
        return Fetch([], _places.AsSpan(_next - count, count));
    }

    private void FindAll()
    {
        int entries = checked((int)_reader!.EntryCount);
        Reserve(entries);
        _foundCount = _reader.Read(_keys.AsSpan(0, entries), _places.AsSpan(0, entries));
        bool isSorted = true;
        for (int i = 0; i < _foundCount; i++)
        {
            long rowId = TableSnapshot.AddressOf(_places[i]).RowId;
            _keys[i] = rowId >= 0 ? rowId : OwnRows + ~rowId;
            isSorted &= i == 0 || _keys[i] > _keys[i - 1];
        }

        if (!isSorted)
        {
            Array.Sort(_keys, _places, 0, _foundCount);
        }
    }

    private void Reserve(int count)
    {
        if (_places.Length < count)
        {
            _places = new RowPlace[count];
            _keys = new long[count];
        }
    }

    private RowBatch? Filtered(RowBatch batch)
    {
        if (range.Rest is null)
        {
            return batch;
        }

        int[]? rows = Conditions.Rows(range.Rest, batch, context);
        return rows is null ? batch : batch.Gather(rows);
    }

    private RowBatch? Fetch(ReadOnlySpan<long> keys, ReadOnlySpan<RowPlace> places)
    {
        if (places.Length == 0)
        {
            return null;
        }

        TableScan scan = range.Scan;
        int key = scan.Table.Schema.Keys[range.KeyOrdinal].Ordinals[0];
        var columns = new ColumnBuffer[scan.Ordinals.Length + (scan.WithRowAddress ? 1 : 0)];
        for (int i = 0; i < scan.Ordinals.Length; i++)
        {
            int ordinal = scan.Ordinals[i];
            columns[i] = ordinal == key && !keys.IsEmpty
                ? new ColumnBuffer<long>(scan.Table.Schema.Columns[key].Type, keys.ToArray())
                : _snapshot!.Fetch(ordinal, places);
        }

        if (scan.WithRowAddress)
        {
            var rowIds = new long[places.Length];
            for (int i = 0; i < rowIds.Length; i++)
            {
                rowIds[i] = TableSnapshot.AddressOf(places[i]).RowId;
            }

            columns[^1] = new ColumnBuffer<long>(DataType.BigInt, rowIds);
        }

        return new RowBatch(columns, places.Length);
    }
}
