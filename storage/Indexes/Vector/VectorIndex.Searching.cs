using System.Numerics;

namespace NeuroDb.Storage;

/// <summary>How the parts of a table are searched.</summary>
internal sealed partial class VectorIndex
{
    // So few rows are compared as fast as lists are found that hold enough of them.
    private const int ExactCountMax = 1000;

    // Fewer codes are scanned before another thread has begun.
    private const long SharedCodesMin = 200_000;

    /// <summary>
    /// Searches what is covered of a table, and tells the slices that are not.
    /// </summary>
    /// <param name="search">The search; finds rows by slice and place in it.</param>
    /// <param name="snapshot">The table.</param>
    /// <param name="passing">
    /// For each slice the rows that pass the WHERE clause and are visible; null if all visible
    /// rows pass.
    /// </param>
    /// <param name="dial">How far to go; null for what calibration found.</param>
    /// <param name="workers">Threads that share a large search; null for this one alone.</param>
    /// <returns>The slices to be searched otherwise.</returns>
    public List<int> Search(
        VectorSearch search, TableSnapshot snapshot, ulong[][]? passing, VectorDial? dial,
        IWorkers? workers = null)
    {
        Interlocked.Increment(ref _lookupCount);
        long passingCount = passing is null
            ? snapshot.Table.Rows.LiveCount
            : CountOf(passing, snapshot);
        bool isSmall = passing is not null && passingCount <= ExactCountMax;
        search.Selectivity = SelectivityOf(passingCount, snapshot);
        var others = new List<int>();
        var covered = new List<CoveredRange>();
        bool isMissing = false;
        for (int i = 0; i < snapshot.PartCount; i++)
        {
            SnapshotPart part = snapshot.PartAt(i);
            int next = 0;
            foreach (IndexedRange range in FindOrLoad(part)?.Ranges ?? [])
            {
                if (range.EndChunk > part.SliceCount)
                {
                    break;
                }

                int firstSlice = part.FirstSlice + range.FirstChunk;
                if (isSmall)
                {
                    RankPassing(search, range, passing!, firstSlice);
                }
                else
                {
                    CandidateFilter? filter = passing is null
                        ? snapshot.VisibleFilter(part, range.FirstChunk)
                        : new MaskFilter(passing, firstSlice);
                    covered.Add(new CoveredRange(
                        range,
                        (long)firstSlice * Limits.ChunkRowCount,
                        filter,
                        dial ?? range.Part.Dial));
                }

                next = range.EndChunk;
            }

            isMissing |= IsWorthBuilding(part, next);
            others.AddRange(Enumerable.Range(part.FirstSlice + next, part.SliceCount - next));
        }

        Run(search, covered, workers);
        if (isMissing || (dial is null && _drift.IsDue(snapshot.Table.Rows.LiveCount)))
        {
            BeginBuild();
        }

        others.AddRange(Enumerable.Range(
            snapshot.PendingSlice, snapshot.SliceCount - snapshot.PendingSlice));
        return others;
    }

    /// <summary>The rows that pass in slices of the table.</summary>
    private static long CountOf(ulong[][] passing, TableSnapshot snapshot)
    {
        long count = 0;
        for (int i = 0; i < snapshot.PendingSlice; i++)
        {
            count += passing[i].Length == 0
                ? Limits.ChunkRowCount
                : VersionMask.Count(passing[i]);
        }

        return count;
    }

    /// <summary>The share of the rows of all parts, ended ones included, that count.</summary>
    private static double SelectivityOf(long passingCount, TableSnapshot snapshot)
    {
        long all = 0;
        for (int i = 0; i < snapshot.PartCount; i++)
        {
            all += snapshot.PartAt(i).Begun;
        }

        return all == 0 ? 1 : Math.Clamp((double)passingCount / all, 1.0 / all, 1);
    }

    /// <summary>
    /// Searches ranges one after the other, each of which needs only beat those before; many codes
    /// are shared among threads, each with lists of its own.
    /// </summary>
    public static void Run(
        VectorSearch search, List<CoveredRange> covered, IWorkers? workers)
    {
        int threads = workers?.Count ?? 1;
        if (threads < 2 || covered.Sum(static range => range.CodesExpected) < SharedCodesMin)
        {
            covered.ForEach(range => range.Run(search, 0));
            return;
        }

        var forks = new VectorSearch[threads];
        workers!.ForEach(threads, thread =>
        {
            forks[thread] = search.Fork(thread, threads);
            for (int i = 0; i < covered.Count; i++)
            {
                covered[i].Run(forks[thread], i);
            }
        });
        foreach (VectorSearch fork in forks)
        {
            search.Join(fork);
            fork.Dispose();
        }
    }

    /// <summary>Compares the few rows that pass exactly.</summary>
    private static void RankPassing(
        VectorSearch search, IndexedRange range, ulong[][] passing, int firstSlice)
    {
        Span<int> ordinal = stackalloc int[1];
        for (int chunk = 0; chunk < range.ChunkCount; chunk++)
        {
            ulong[] mask = passing[firstSlice + chunk];
            Invariant.Check(mask.Length > 0, "a full chunk is no small match");
            for (int word = 0; word < mask.Length; word++)
            {
                for (ulong bits = mask[word]; bits != 0; bits &= bits - 1)
                {
                    ordinal[0] = (chunk * Limits.ChunkRowCount) + (word << 6)
                        + BitOperations.TrailingZeroCount(bits);
                    if (!range.Rows.IsNull(ordinal[0]))
                    {
                        search.RankAll(
                            ordinal, range.Rows, (long)firstSlice * Limits.ChunkRowCount, null);
                    }
                }
            }
        }
    }
}
