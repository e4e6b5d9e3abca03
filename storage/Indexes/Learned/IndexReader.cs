namespace NeuroDb.Storage;

/// <summary>
/// Walks over the rows of a snapshot between bounds of a learned index, in its order or in any
/// order: merges the runs of all parts, of the unsorted tails of the deltas and of the
/// transaction's own rows, and leaves out what the snapshot does not see. One thread; it allocates
/// when it begins.
/// </summary>
internal sealed class IndexReader
{
    private readonly SnapshotView _view;
    private readonly IndexKeys _keys;
    private readonly List<IndexSource> _sources = [];
    private readonly Stack<RowPlace> _equal = new();
    private readonly long _pendingCount;
    private readonly bool _isOrdered;
    private readonly bool _isDescending;

    /// <summary>Begins before the first row.</summary>
    /// <param name="layout">Where the rows are.</param>
    /// <param name="view">Whose view it is.</param>
    /// <param name="pendingCount">The own rows that show.</param>
    /// <param name="index">The index.</param>
    /// <param name="bounds">What is asked for.</param>
    /// <param name="isOrdered">Whether the rows come in the order of the index.</param>
    /// <param name="isDescending">Whether the last one comes first.</param>
    public IndexReader(
        TableLayout layout,
        SnapshotView view,
        long pendingCount,
        LearnedIndex index,
        in IndexBounds bounds,
        bool isOrdered,
        bool isDescending)
    {
        _view = view;
        _pendingCount = pendingCount;
        _keys = index.Keys;
        _isOrdered = isOrdered;
        _isDescending = isDescending;
        index.Count(1);
        foreach (RowPart part in layout.Parts)
        {
            if (part is SealedRows rows)
            {
                SegmentIndex segment = rows.File.Indexes.Of(index);
                _sources.Add(IndexSource.Of(
                    rows, segment, segment.RunBetween(bounds), bounds, isDescending));
                continue;
            }

            var delta = (RowDelta)part;
            Add(
                delta, new DeltaIndexRows(delta, _keys), delta.Indexes.Of(index),
                delta.CountBegun(view.Timestamp), bounds);
        }

        if (pendingCount > 0)
        {
            PendingRows pending = view.Pending!;
            Add(
                null, new PendingIndexRows(pending), pending.Indexes.Of(index), pendingCount,
                bounds);
        }

        _sources.RemoveAll(static source => source.Left == 0);
        _sources.Reverse();
        EntryCount = _sources.Sum(static source => (long)source.Left);
    }

    /// <summary>
    /// The entries between the bounds at the beginning: as many rows, or more where some are dead.
    /// </summary>
    public long EntryCount { get; }

    /// <summary>Reads the next rows; rows of equal keys in the order of their numbers.</summary>
    /// <returns>How many there are; fewer than there is room for only at the end.</returns>
    public int Read(Span<RowPlace> places)
    {
        if (!_isOrdered || !_isDescending)
        {
            return ReadForward(places);
        }

        int read = 0;
        while (read < places.Length && (_equal.Count > 0 || FillEqual()))
        {
            places[read++] = _equal.Pop();
        }

        return read;
    }

    // Backward, rows of equal keys come last to first: they are turned round.
    private bool FillEqual()
    {
        while (_sources.Count > 0 && _equal.Count == 0)
        {
            IndexEntryPlace key = _sources[First()].Head;
            int next;
            while (_sources.Count > 0
                && _keys.Compare(_sources[next = First()].Head, key) == 0)
            {
                Take(next, _equal);
            }
        }

        return _equal.Count > 0;
    }

    private void Take(int next, Stack<RowPlace> rows)
    {
        IndexSource source = _sources[next];
        int ordinal = source.Ordinals[source.Index];
        var place = RowPlace.Of(source.Part, ordinal);
        if (IsVisible(place, ordinal))
        {
            rows.Push(place);
        }

        source.Advance();
        if (source.Left == 0)
        {
            _sources.RemoveAt(next);
        }
    }

    private int ReadForward(Span<RowPlace> places)
    {
        int read = 0;
        while (_sources.Count > 0 && read < places.Length)
        {
            // The last source is the oldest one: of equal entries, its rows come first.
            int next = _isOrdered && _sources.Count > 1 ? First() : _sources.Count - 1;
            IndexSource source = _sources[next];
            int ordinal = source.Ordinals[source.Index];
            var place = RowPlace.Of(source.Part, ordinal);
            if (IsVisible(place, ordinal))
            {
                places[read++] = place;
            }

            source.Advance();
            if (source.Left == 0)
            {
                _sources.RemoveAt(next);
            }
        }

        return read;
    }

    private int First()
    {
        // Of equal entries those of the oldest source come first, backward those of the newest.
        int first = _sources.Count - 1;
        for (int i = first - 1; i >= 0; i--)
        {
            int compared = _keys.Compare(_sources[i].Head, _sources[first].Head);
            if (_isDescending ? compared >= 0 : compared < 0)
            {
                first = i;
            }
        }

        return first;
    }

    private void Add(
        RowPart? part, IIndexRows rows, DeltaIndex index, long count, in IndexBounds bounds)
    {
        if (count == 0)
        {
            return;
        }

        DeltaIndexView view = index.Cover(count);
        foreach (IndexRun run in view.Runs)
        {
            _sources.Add(IndexSource.Of(part, rows, run, bounds, _isDescending));
        }

        foreach (DeltaTail chunk in view.Waiting)
        {
            AddTail(part, rows, chunk, Limits.ChunkRowCount, bounds);
        }

        AddTail(part, rows, view.Tail, (int)count - view.Tail.Start, bounds);
    }

    private void AddTail(
        RowPart? part, IIndexRows rows, DeltaTail tail, int count, in IndexBounds bounds)
    {
        if (count > 0)
        {
            _sources.Add(IndexSource.OfTail(
                part, rows, _keys, tail, count, bounds, _isOrdered, _isDescending));
        }
    }

    private bool IsVisible(in RowPlace place, int ordinal)
    {
        if (place.Part is null)
        {
            return ordinal < _pendingCount && _view.Pending!.IsAlive(ordinal, _view.Operation);
        }

        return IndexVisibility.IsSeen(place, _view.Timestamp)
            && (_view.Pending is null or { EndedCount: 0 }
                || !_view.Pending.IsEnded(
                    place.Part.RowIdOf(place.Chunk, place.Row), _view.Operation));
    }
}
