using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The state of a <see cref="VectorRange"/>: the rows come in the order of their numbers, as from a
/// scan.
/// </summary>
internal sealed class VectorRangeCursor(VectorRange range, ExecutionContext context) : BatchCursor
{
    private TableSnapshot? _snapshot;
    private BatchCursor? _scan;
    private long[] _ids = [];
    private int _next;

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        if (_snapshot is null)
        {
            _snapshot = context.Open(range.Scan.Table);
            if (!TrySearch())
            {
                _scan = range.Scan.OpenUnmeasured(context);
            }
        }

        while (_scan is null && _next < _ids.Length)
        {
            context.ThrowIfCancelled();
            int count = Math.Min(Limits.BatchRowCount, _ids.Length - _next);
            RowPlace[] places = Array.ConvertAll(
                _ids[_next..(_next + count)], _snapshot.PlaceAt);
            _next += count;
            RowBatch batch = PlacedRows.Fetch(
                _snapshot, range.Scan.Ordinals, range.Scan.WithRowAddress, places);
            int[]? rows = Conditions.Rows(range.Condition, batch, context);
            batch = rows is null ? batch : batch.Gather(rows);
            if (batch.Count > 0)
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

    // False where only a scan can tell.
    private bool TrySearch()
    {
        Value query = Conditions.ValueOf(range.Query, context);
        Value bound = Conditions.ValueOf(range.Bound, context);
        if (query.IsNull || bound.IsNull || range.IndexIn(context) is not { } index)
        {
            return false;
        }

        DataType type = range.Scan.Table.Schema.Columns[range.Ordinal].Type;
        if (query.VectorDimension != type.Length)
        {
            return false;
        }

        float rank = VectorThreshold.RankOf(range.Distance, bound);
        if (!float.IsFinite(rank))
        {
            return false;
        }

        using var search = VectorSearch.Within(
            range.Distance.Metric, VectorConverter.NumbersOf(query).Span, rank);
        if (!search.IsRankable)
        {
            return false;
        }

        long start = context.Profile?.Clock.GetTimestamp() ?? 0;
        List<int> others = index.Search(
            search, _snapshot!, null, VectorDial.Full, context.Workers);
        context.Profile?.NoteSearch(range, search.Statistics, start);

        var ids = new List<long>(search.Hits);
        foreach (int slice in others)
        {
            AddPassing(slice, ids);
        }

        _ids = [.. ids];
        Array.Sort(_ids);
        return true;
    }

    private void AddPassing(int index, List<long> ids)
    {
        context.ThrowIfCancelled();
        TableSlice slice = _snapshot!.Slice(index);
        int[]? passing = SliceRows.Select(slice, range.Scan.Filter, context);
        long first = (long)index * Limits.ChunkRowCount;
        ids.AddRange(
            (passing ?? Enumerable.Range(0, slice.Count)).Select(row => first + row));
        slice.Release();
    }
}
