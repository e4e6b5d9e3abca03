using System.Collections.Concurrent;

namespace NeuroDb.Storage;

/// <summary>
/// An index over rows that are appended: whoever reads it first encodes the rows that came since
/// the last time; full chunks become sorted runs, which are merged as long as the one before is not
/// twice as long (O'Neil et al., The log-structured merge-tree, 1996). Where commits look rows up,
/// for uniqueness, chunks are sorted and runs merged in the background, so neither is ever on their
/// way. Rows never change; dead ones stay. Runs and tails of committed rows lie outside of the
/// collector's heap, and those that were replaced wait for who takes them.
/// </summary>
/// <param name="keys">The columns.</param>
/// <param name="rows">The rows.</param>
/// <param name="owner">The index, which knows who merges; null of rows of one transaction.</param>
internal sealed class DeltaIndex(IndexKeys keys, IIndexRows rows, LearnedIndex? owner)
    : IBackgroundIndex, INativeMemory
{
    // So many runs that wait to be merged slow lookups down: then whoever reads merges them; and so
    // many chunks that wait to be sorted.
    private const int RunCountMax = 96;
    private const int WaitingCountMax = 16;

    // Most transactions write a row or two: their tail is small.
    private const int TailCapacityFirst = 16;
    private const int TailGrowth = 4;

    private readonly Lock _gate = new();

    // Held while rows are read that nobody has a snapshot of.
    private readonly Lock _working = new();
    private readonly ConcurrentQueue<INativeMemory>? _replaced = owner is null ? null : new();
    private bool _isReleased;
    private bool _isMerging;
    private DeltaIndexView _view = new([], [], DeltaTail.Empty(keys, 0));
    private int _tailCount;

    // Whether commits look rows up, nearly all of which are not there.
    private bool IsOfCommits => owner?.Merging is not null;

    // Rows of one transaction are few: their index is the collector's.
    private bool IsLasting => owner is not null;

    /// <inheritdoc/>
    public long SizeBytes => Volatile.Read(ref _view).SizeBytes;

    /// <summary>The index over the first rows, and perhaps over later ones.</summary>
    public DeltaIndexView Cover(long rowCount)
    {
        int count = checked((int)rowCount);
        DeltaIndexView view = Volatile.Read(ref _view);
        if (view.Tail.Start + Volatile.Read(ref _tailCount) >= count
            && ReferenceEquals(view, Volatile.Read(ref _view)))
        {
            return view;
        }

        bool isWorkDue = false;
        lock (_gate)
        {
            while (_view.Tail.Start + _tailCount < count)
            {
                Extend(count);
            }

            view = _view;
            if (IsOfCommits && !_isMerging
                && (view.Waiting.Length > 0 || PairToMerge(view.Runs) >= 0))
            {
                isWorkDue = _isMerging = true;
            }
        }

        if (isWorkDue)
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

        foreach (DeltaTail chunk in view.Waiting)
        {
            if (chunk.MayHave(codes, hash, Limits.ChunkRowCount))
            {
                return true;
            }
        }

        int tail = (int)rowCount - view.Tail.Start;
        return tail > 0 && view.Tail.MayHave(codes, hash, tail);
    }

    /// <inheritdoc/>
    public void Build(StorageTransaction transaction, CancellationToken cancellation)
    {
        try
        {
            while (TryWork(cancellation))
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

    /// <summary>
    /// Takes what was replaced and may still be read; null if there is nothing. It goes with the
    /// rows, if nobody takes it before.
    /// </summary>
    public INativeMemory? TakeReplaced() =>
        _replaced?.TryDequeue(out INativeMemory? memory) == true ? memory : null;

    /// <inheritdoc/>
    public void Release()
    {
        lock (_working)
        {
            _isReleased = true;
        }

        Array.ForEach(_view.Runs, static run => run.Release());
        Array.ForEach(_view.Waiting, static chunk => chunk.Release());
        _view.Tail.Release();
        while (TakeReplaced() is { } memory)
        {
            memory.Release();
        }
    }

    private bool TryWork(CancellationToken cancellation)
    {
        lock (_working)
        {
            return !_isReleased && (TrySort() || TryMerge(cancellation));
        }
    }

    private void Replace(INativeMemory memory) => _replaced?.Enqueue(memory);

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
            keys, rows, runs[pair], runs[pair + 1], IsLasting, Look).Filtered();
        // A merge of many rows takes longer than some chunks take to come.
        void Look()
        {
            cancellation.ThrowIfCancellationRequested();
            _ = TrySort();
        }

        lock (_gate)
        {
            // Meanwhile runs may have come behind these, or a reader has merged them.
            IndexRun[] now = _view.Runs;
            if (pair + 1 < now.Length && ReferenceEquals(now[pair], runs[pair])
                && ReferenceEquals(now[pair + 1], runs[pair + 1]))
            {
                Volatile.Write(ref _view, _view with
                {
                    Runs = [.. now.AsSpan(0, pair), merged, .. now.AsSpan(pair + 2)],
                });
                Replace(now[pair]);
                Replace(now[pair + 1]);
                return true;
            }
        }

        merged.Release();
        return true;
    }

    // The first chunk that waits becomes a run.
    private bool TrySort()
    {
        DeltaTail[] waiting = Volatile.Read(ref _view).Waiting;
        if (waiting.Length == 0)
        {
            return false;
        }

        IndexRun run = Sorted(waiting[0]).Filtered();
        lock (_gate)
        {
            // Meanwhile others may have come behind it, or a reader has sorted all of them.
            if (_view.Waiting is [var first, .. var others] && ReferenceEquals(first, waiting[0]))
            {
                Volatile.Write(ref _view, _view with
                {
                    Runs = [.. _view.Runs, run],
                    Waiting = others,
                });
                Replace(first);
                return true;
            }
        }

        run.Release();
        return true;
    }

    private void GrowTail(int count)
    {
        DeltaTail tail = _view.Tail;
        int capacity = Math.Max(
            tail.Start > 0 && IsOfCommits ? Limits.ChunkRowCount : TailCapacityFirst,
            tail.Capacity);
        while (capacity < count)
        {
            capacity *= TailGrowth;
        }

        capacity = Math.Min(capacity, Limits.ChunkRowCount);
        if (capacity != tail.Capacity)
        {
            Volatile.Write(
                ref _view,
                _view with { Tail = tail.Grown(_tailCount, capacity, IsLasting) });
            Replace(tail);
        }
    }

    private void Extend(int count)
    {
        int chunk = _view.Tail.Start / Limits.ChunkRowCount;
        int end = Math.Min(count - _view.Tail.Start, Limits.ChunkRowCount);
        GrowTail(end);
        DeltaTail tail = _view.Tail;
        if (tail.Slots is null && IsOfCommits)
        {
            tail = tail with { Slots = new TailSlots(tail.Capacity, tail.Codes, _tailCount) };
            Volatile.Write(ref _view, _view with { Tail = tail });
        }

        for (int column = 0; column < keys.Count; column++)
        {
            keys[column].Encode(
                rows.Column(chunk, keys[column].Ordinal),
                _tailCount,
                tail.Codes[column].Span[_tailCount..end]);
        }

        if (tail.Hashes is not null)
        {
            Span<ulong> hashes = tail.Hashes.Span;
            ColumnStore store = rows.Column(chunk, keys[0].Ordinal);
            for (int row = _tailCount; row < end; row++)
            {
                hashes[row] = store.IsNull(row) ? 0 : store.HashAt(row);
            }
        }

        for (int row = _tailCount; row < end && tail.Slots is not null; row++)
        {
            tail.Slots.Add(tail.Codes, row);
        }

        if (end < Limits.ChunkRowCount)
        {
            Volatile.Write(ref _tailCount, end);
            return;
        }

        EndTail();
    }

    // A full tail becomes a run: at once, or beside commits if they look into the index. If too
    // much waits for that, who brings a chunk sorts one.
    private void EndTail()
    {
        DeltaTail[] waiting = [.. _view.Waiting, _view.Tail];
        IndexRun[] runs = _view.Runs;
        int kept = !IsOfCommits ? 0
            : runs.Length >= RunCountMax ? Math.Min(waiting.Length - 1, WaitingCountMax)
            : WaitingCountMax;
        while (waiting.Length > kept)
        {
            runs = With(runs, Sorted(waiting[0]));
            Replace(waiting[0]);
            waiting = waiting[1..];
        }

        // The count first: a reader that sees it beside the old view only looks again.
        int start = _view.Tail.Start + Limits.ChunkRowCount;
        Volatile.Write(ref _tailCount, 0);
        Volatile.Write(
            ref _view, new DeltaIndexView(runs, waiting, DeltaTail.Empty(keys, start)));
    }

    // Where commits look, runs are merged beside them until there are too many.
    private IndexRun[] With(IndexRun[] runs, IndexRun run)
    {
        int kept = runs.Length;
        bool isMergedNow = !IsOfCommits || kept >= RunCountMax;
        while (isMergedNow && kept > 0 && runs[kept - 1].Count < 2L * run.Count)
        {
            IndexRun newer = run;
            run = IndexRunBuilder.Merge(keys, rows, runs[--kept], newer, IsLasting);
            newer.Release();
            Replace(runs[kept]);
        }

        return [.. runs.AsSpan(0, kept), IsOfCommits ? run.Filtered() : run];
    }

    private IndexRun Sorted(DeltaTail chunk)
    {
        FlatArray<ulong>[] codes = FlatArray<ulong>.Columns(
            keys.Count, Limits.ChunkRowCount, IsLasting);
        for (int column = 0; column < codes.Length; column++)
        {
            chunk.Codes[column].Span.CopyTo(codes[column].Span);
        }

        var ordinals = new FlatArray<int>(Limits.ChunkRowCount, IsLasting);
        IndexRunBuilder.Number(ordinals.Span, chunk.Start);
        return IndexRunBuilder.Sort(keys, rows, codes, ordinals, isLearned: false);
    }
}
