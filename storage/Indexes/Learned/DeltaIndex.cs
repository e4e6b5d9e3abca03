namespace NeuroDb.Storage;

/// <summary>
/// An index over rows that are appended: whoever reads it first encodes the rows that came since
/// the last time; full chunks become sorted runs, which are merged as long as the one before is not
/// twice as long (O'Neil et al., The log-structured merge-tree, 1996). Commits know nothing of it,
/// so no merge is ever on their way. Rows never change; dead ones stay.
/// </summary>
internal sealed class DeltaIndex(IndexKeys keys, IIndexRows rows)
{
    private readonly Lock _gate = new();
    private DeltaIndexView _view = new([], 0, NewTail(keys.Count), NewHashes(keys));
    private int _tailCount;

    /// <summary>The bytes of runs and tail.</summary>
    public long SizeBytes => Volatile.Read(ref _view).Runs.Sum(static run => run.SizeBytes)
        + ((long)keys.Count * Limits.ChunkRowCount * sizeof(ulong));

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

        lock (_gate)
        {
            while (_view.TailStart + _tailCount < count)
            {
                Extend(count);
            }

            return _view;
        }
    }

    private static ulong[]? NewHashes(IndexKeys keys) =>
        keys[0].IsDoubtful ? new ulong[Limits.ChunkRowCount] : null;

    private static ulong[][] NewTail(int columns)
    {
        var tail = new ulong[columns][];
        for (int i = 0; i < columns; i++)
        {
            tail[i] = new ulong[Limits.ChunkRowCount];
        }

        return tail;
    }

    private void Extend(int count)
    {
        int chunk = _view.TailStart / Limits.ChunkRowCount;
        int end = Math.Min(count - _view.TailStart, Limits.ChunkRowCount);
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

        if (end < Limits.ChunkRowCount)
        {
            Volatile.Write(ref _tailCount, end);
            return;
        }

        var ordinals = new int[end];
        for (int i = 0; i < end; i++)
        {
            ordinals[i] = _view.TailStart + i;
        }

        ulong[][] codes = [.. _view.Tail.Select(static column => (ulong[])column.Clone())];
        IndexRun run = IndexRunBuilder.Sort(keys, rows, codes, ordinals, isLearned: false);
        int kept = _view.Runs.Length;
        while (kept > 0 && _view.Runs[kept - 1].Count < 2L * run.Count)
        {
            run = IndexRunBuilder.Merge(keys, rows, _view.Runs[--kept], run);
        }

        // The count first: a reader that sees it beside the old view only looks again.
        Volatile.Write(ref _tailCount, 0);
        Volatile.Write(ref _view, new DeltaIndexView(
            [.. _view.Runs.AsSpan(0, kept), run],
            _view.TailStart + Limits.ChunkRowCount,
            NewTail(keys.Count),
            NewHashes(keys)));
    }
}
