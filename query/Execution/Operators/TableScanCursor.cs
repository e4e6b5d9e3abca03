using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>The state of a <see cref="TableScan"/>: one slice at a time.</summary>
internal sealed class TableScanCursor : BatchCursor
{
    private readonly TableScan _scan;
    private readonly ExecutionContext _context;
    private readonly TableSnapshot _snapshot;
    private readonly ZoneTest? _zones;
    private readonly ScanFilterRun? _filters;
    private readonly NodeProfile? _profile;
    private readonly int _end;
    private int _next;
    private RowBatch? _rest;

    /// <summary>Opens the table; nothing is read yet.</summary>
    public TableScanCursor(TableScan scan, ExecutionContext context)
        : this(scan, context, context.Open(scan.Table), null, 0, -1)
    {
        _zones = scan.Pruning?.Begin(_snapshot, context);
        _end = _snapshot.SliceCount;
    }

    /// <summary>Makes the state of one thread, which reads a range of the slices.</summary>
    public TableScanCursor(
        TableScan scan,
        ExecutionContext context,
        TableSnapshot snapshot,
        ZoneTest? zones,
        int first,
        int end)
    {
        _scan = scan;
        _context = context;
        _snapshot = snapshot;
        _zones = zones;
        _next = first;
        _end = end;
        _filters = context.StateSoFar?.Find<ScanFilters>(scan)?.Begin();
        _profile = context.Profile?.Find(scan);
    }

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        while (_rest is not null || _next < _end)
        {
            _context.ThrowIfCancelled();
            if (_rest is not null)
            {
                return FirstRun(_rest);
            }

            if (_zones?.IsEmpty(_next) == true || _filters?.IsEmpty(_snapshot, _next) == true)
            {
                _next++;
                _profile?.CountSkippedChunk();
                continue;
            }

            int[]? candidates = _zones?.CandidatesOf(_next);
            if (candidates is { Length: 0 })
            {
                _next++;
                _profile?.CountSkippedChunk();
                continue;
            }

            TableSlice slice = _snapshot.Slice(_next++);
            int[]? rows = SliceRows.Select(slice, _scan.Filter, _context, candidates);
            rows = _filters is null ? rows : _filters.Keep(slice, rows);
            if (slice.Count > 0 && rows is not { Length: 0 })
            {
                RowBatch batch = Read(slice, rows);
                return batch.HasLarge ? FirstRun(batch) : batch;
            }
        }

        return null;
    }

    // Whoever asks for large values then reads a few at a time.
    private RowBatch FirstRun(RowBatch batch)
    {
        int count = batch.RunWithin(0, Limits.LargeBatchSizeBytesMax);
        _rest = count < batch.Count ? batch.Slice(count, batch.Count - count) : null;
        return _rest is null ? batch : batch.Slice(0, count);
    }

    private RowBatch Read(TableSlice slice, int[]? rows)
    {
        int[] ordinals = _scan.Ordinals;

        // A few rows of a segment do not keep the whole chunk in memory.
        bool isShared = rows is not null
            && (slice.BudgetBytes == long.MaxValue || rows.Length * 2L >= slice.Count);
        var columns = new ColumnBuffer[ordinals.Length + (_scan.WithRowAddress ? 1 : 0)];
        for (int i = 0; i < ordinals.Length; i++)
        {
            ColumnBuffer column = slice.Column(ordinals[i]);
            columns[i] = rows is null
                ? column
                : isShared ? column.Select(rows) : column.Gather(rows);
        }

        if (_scan.WithRowAddress)
        {
            columns[^1] = Addresses(slice, rows);
        }

        return new RowBatch(columns, rows?.Length ?? slice.Count);
    }

    private static ColumnBuffer<long> Addresses(TableSlice slice, int[]? rows)
    {
        var rowIds = new long[rows?.Length ?? slice.Count];
        for (int i = 0; i < rowIds.Length; i++)
        {
            rowIds[i] = slice.AddressOf(rows is null ? i : rows[i]).RowId;
        }

        return new ColumnBuffer<long>(DataType.BigInt, rowIds);
    }
}
