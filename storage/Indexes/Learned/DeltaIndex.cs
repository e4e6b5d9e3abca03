namespace NeuroDb.Storage;

/// <summary>
/// An index over rows that are appended: whoever reads it first encodes the rows that came since
/// the last time; full chunks become sorted runs, which are merged as long as the one before is not
/// twice as long (O'Neil et al., The log-structured merge-tree, 1996). Where commits look rows up,
/// for uniqueness, the runs are merged in the background, so no merge is ever on their way. Rows
/// never change; dead ones stay.
/// </summary>
/// <param name="keys">The columns.</param>
/// <param name="rows">The rows.</param>
/// <param name="owner">The index, which knows who merges; null of rows of one transaction.</param>
internal sealed class DeltaIndex(IndexKeys keys, IIndexRows rows, LearnedIndex? owner)
    : IBackgroundIndex
{
    // So many runs that wait to be merged slow lookups down: then whoever reads merges them.
    private const int RunCountMax = 96;

    // Most transactions write a row or two: their tail is small.
    private const int TailCapacityFirst = 16;
    private const int TailGrowth = 4;

    private readonly Lock _gate = new();
    private bool _isMerging;
    private DeltaIndexView _view = new([], 0, EmptyTail(keys.Count), EmptyHashes(keys), null);
    private int _tailCount;

    // Whether commits look rows up, nearly all of which are not there.
    private bool IsOfCommits => owner?.Merging is not null;

    /// <summary>The bytes of runs and tail.</summary>
    public long SizeBytes
    {
        get
        {
            DeltaIndexView view = Volatile.Read(ref _view);
            return view.RunsSizeBytes + ((long)keys.Count * view.Tail[0].Length * sizeof(ulong));
        }
    }

    /// <summary>The index over the first rows, and perhaps over later ones.</summary>
    public DeltaIndexView Cover(long rowCount)
    {
        int count = checked((int)rowCount);
        DeltaIndexView view = Volatile.Read(ref _view);
        if (view.TailStart + Volatile.Read(ref _tailCount) >= count
            && ReferenceEquals(view, Volatile.Read(ref _view)))
        {
            return view;
        }

        bool isMergeDue = false;
        lock (_gate)
        {
            while (_view.TailStart + _tailCount < count)
            {
                Extend(count);
            }

            view = _view;
            if (IsOfCommits && !_isMerging && PairToMerge(view.Runs) >= 0)
            {
                isMergeDue = _isMerging = true;
            }
        }

        if (isMergeDue)
        {
            owner!.Merging!.Schedule(this);
        }

        return view;
    }

    /// <summary>Whether one of the first rows may have a key; false is certain.</summary>
    /// <param name="codes">The codes of the key, one for each column.</param>
    /// <param name="rowCount">How many rows.</param>
    public bool MayHave(ReadOnlySpan<ulong> codes, long rowCount)
    {
        DeltaIndexView view = Cover(rowCount);
        ulong hash = CodeFilter.HashOf(codes);
        foreach (IndexRun run in view.Runs)
        {
            if (run.Filter?.MayHave(hash) != false)
            {
                (int start, int end) = run.Find(codes);
                if (start < end)
                {
                    return true;
                }
            }
        }

        int tail = (int)rowCount - view.TailStart;
        return tail > 0
            && (view.Slots is { } slots
                ? slots.Has(codes, hash, view.Tail, tail)
                : view.Tail[0].AsSpan(0, tail).Contains(codes[0]));
    }

    /// <inheritdoc/>
    public void Build(StorageTransaction transaction, CancellationToken cancellation)
    {
        try
        {
            while (TryMerge(cancellation))
            {
                cancellation.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            lock (_gate)
            {
                _isMerging = false;
            }
        }
    }

    // The shortest two neighbours that are to be one run; -1 if there are none.
    private static int PairToMerge(IndexRun[] runs)
    {
        int best = -1;
        for (int i = 0; i + 1 < runs.Length; i++)
        {
            if (runs[i].Count < 2L * runs[i + 1].Count
                && (best < 0 || LengthOf(runs, i) < LengthOf(runs, best)))
            {
                best = i;
            }
        }

        return best;
    }

    private static long LengthOf(IndexRun[] runs, int pair) =>
        (long)runs[pair].Count + runs[pair + 1].Count;

    private bool TryMerge(CancellationToken cancellation)
    {
        IndexRun[] runs = Volatile.Read(ref _view).Runs;
        int pair = PairToMerge(runs);
        if (pair < 0)
        {
            return false;
        }

        IndexRun merged = IndexRunBuilder.Merge(
            keys, rows, runs[pair], runs[pair + 1], cancellation).Filtered();
        lock (_gate)
        {
            // Meanwhile runs may have come behind these, or a reader has merged them.
            IndexRun[] now = _view.Runs;
            if (pair + 1 < now.Length && ReferenceEquals(now[pair], runs[pair])
                && ReferenceEquals(now[pair + 1], runs[pair + 1]))
            {
                Volatile.Write(ref _view, new DeltaIndexView(
                    [.. now.AsSpan(0, pair), merged, .. now.AsSpan(pair + 2)],
                    _view.TailStart,
                    _view.Tail,
                    _view.Hashes,
                    _view.Slots));
            }
        }

        return true;
    }

    private static ulong[]? EmptyHashes(IndexKeys keys) => keys[0].IsDoubtful ? [] : null;

    private static ulong[][] EmptyTail(int columns)
    {
        var tail = new ulong[columns][];
        tail.AsSpan().Fill([]);
        return tail;
    }

    // By copy and swap: a reader goes on with the arrays that it has.
    private void GrowTail(int count)
    {
        int capacity = Math.Max(TailCapacityFirst, _view.Tail[0].Length);
        while (capacity < count)
        {
            capacity *= TailGrowth;
        }

        capacity = Math.Min(capacity, Limits.ChunkRowCount);
        if (capacity == _view.Tail[0].Length)
        {
            return;
        }

        var tail = new ulong[keys.Count][];
        for (int column = 0; column < tail.Length; column++)
        {
            tail[column] = Grown(_view.Tail[column], _tailCount, capacity);
        }

        Volatile.Write(ref _view, _view with
        {
            Tail = tail,
            Hashes = _view.Hashes is { } hashes ? Grown(hashes, _tailCount, capacity) : null,
            Slots = _view.Slots is null ? null : new TailSlots(capacity, tail, _tailCount),
        });
    }

    // Memory that the collector does not move can take milliseconds to get, and a commit waits.
    private static ulong[] Grown(ulong[] array, int count, int capacity)
    {
        ulong[] grown = GC.AllocateUninitializedArray<ulong>(capacity);
        array.AsSpan(0, count).CopyTo(grown);
        return grown;
    }

    private void Extend(int count)
    {
        int chunk = _view.TailStart / Limits.ChunkRowCount;
        int end = Math.Min(count - _view.TailStart, Limits.ChunkRowCount);
        GrowTail(end);
        if (_view.Slots is null && IsOfCommits)
        {
            Volatile.Write(ref _view, _view with
            {
                Slots = new TailSlots(_view.Tail[0].Length, _view.Tail, _tailCount),
            });
        }

        for (int column = 0; column < keys.Count; column++)
        {
            keys[column].Encode(
                rows.Column(chunk, keys[column].Ordinal),
                _tailCount,
                _view.Tail[column].AsSpan(_tailCount, end - _tailCount));
        }

        if (_view.Hashes is { } hashes)
        {
            ColumnStore store = rows.Column(chunk, keys[0].Ordinal);
            for (int row = _tailCount; row < end; row++)
            {
                hashes[row] = store.IsNull(row) ? 0 : store.HashAt(row);
            }
        }

        for (int row = _tailCount; row < end && _view.Slots is not null; row++)
        {
            _view.Slots.Add(_view.Tail, row);
        }

        if (end < Limits.ChunkRowCount)
        {
            Volatile.Write(ref _tailCount, end);
            return;
        }

        SortTail(end);
    }

    private void SortTail(int end)
    {

        var ordinals = new int[end];
        for (int i = 0; i < end; i++)
        {
            ordinals[i] = _view.TailStart + i;
        }

        ulong[][] codes = [.. _view.Tail.Select(static column => (ulong[])column.Clone())];
        IndexRun run = IndexRunBuilder.Sort(keys, rows, codes, ordinals, isLearned: false);
        int kept = _view.Runs.Length;
        bool isMergedNow = !IsOfCommits || kept >= RunCountMax;
        while (isMergedNow && kept > 0 && _view.Runs[kept - 1].Count < 2L * run.Count)
        {
            run = IndexRunBuilder.Merge(keys, rows, _view.Runs[--kept], run);
        }

        if (IsOfCommits)
        {
            run = run.Filtered();
        }

        // The count first: a reader that sees it beside the old view only looks again.
        Volatile.Write(ref _tailCount, 0);
        Volatile.Write(ref _view, new DeltaIndexView(
            [.. _view.Runs.AsSpan(0, kept), run],
            _view.TailStart + Limits.ChunkRowCount,
            EmptyTail(keys.Count),
            EmptyHashes(keys),
            null));
    }
}
