namespace NeuroDb.Storage;

/// <summary>
/// Writes rows of one table, which come in the order of their numbers, into as many new segments as
/// they need. The files are flushed; their names are not durable yet. What is written and not
/// taken by <see cref="Complete"/> is removed on disposal.
/// </summary>
internal sealed class SegmentBuilder : IDisposable
{
    private readonly SegmentStore _store;
    private readonly int _tableId;
    private readonly TableSchema _schema;
    private readonly List<BuiltSegment> _built = [];
    private long[] _numbers = [];
    private HashSet<LargeReference> _largeValues = [];
    private SegmentWriter? _writer;
    private SegmentIdentity _identity;
    private long _sizeBytes;
    private long _counted;
    private long _base;
    private long _end;

    /// <summary>Starts with nothing written.</summary>
    public SegmentBuilder(SegmentStore store, int tableId, TableSchema schema)
    {
        _store = store;
        _tableId = tableId;
        _schema = schema;
    }

    /// <summary>Writes rows whose numbers lie above all before.</summary>
    public void Append(LiveRows rows)
    {
        ReadOnlySpan<int> places = rows.Rows;
        ReadOnlySpan<long> ids = rows.RowIds;
        Invariant.Check(places.Length == ids.Length && places.Length > 0);
        Invariant.Check(ids[0] >= _end, "rows come in the order of their numbers");
        if (_writer is null)
        {
            _base = ids[0];
            _writer = _store.Create(_tableId, _schema, out _identity);
            _writer.BaseRowId = _base;
        }

        if (_numbers.Length < ids.Length)
        {
            _numbers = new long[ids.Length];
        }

        Span<long> numbers = _numbers.AsSpan(0, ids.Length);
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = ids[i] - _base;
        }

        _writer.Append(rows.Columns, places, numbers);
        foreach (ColumnStore column in rows.Columns)
        {
            LargeValueScan.Collect(column, places, _largeValues);
        }

        _end = ids[^1] + 1;
        _sizeBytes += _writer.SizeBytes - _counted;
        _counted = _writer.SizeBytes;
        if (_writer.RowCount >= _store.SegmentRowCountMax
            || _writer.SizeBytes >= CompactionPolicy.SegmentSizeBytesMax)
        {
            EndSegment();
        }
    }

    /// <summary>The bytes written since the last time that somebody asked.</summary>
    public long TakeSizeBytes()
    {
        long size = _sizeBytes;
        _sizeBytes = 0;
        return size;
    }

    /// <summary>Ends the last segment; the caller names the files in a manifest.</summary>
    public IReadOnlyList<BuiltSegment> Complete()
    {
        EndSegment();
        BuiltSegment[] built = [.. _built];
        _built.Clear();
        return built;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer?.Dispose();
        _writer = null;
        foreach (BuiltSegment segment in _built)
        {
            _store.TryDelete(_store.Names.SegmentPath(segment.SegmentId));
        }

        _built.Clear();
    }

    private void EndSegment()
    {
        if (_writer is null)
        {
            return;
        }

        SegmentInfo info = _writer.Complete();
        _sizeBytes += info.LengthBytes - _counted;
        _counted = 0;
        _writer.Dispose();
        _writer = null;
        _built.Add(new BuiltSegment(_identity.SegmentId, _base, _end, info, _largeValues));
        _largeValues = [];
    }
}
