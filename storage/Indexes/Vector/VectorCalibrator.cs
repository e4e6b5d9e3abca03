namespace NeuroDb.Storage;

/// <summary>
/// Finds the <see cref="VectorDial"/> of a part that gives the recall that was asked for at the
/// least cost: rows of the part are queries, without themselves.
/// </summary>
/// <remarks>
/// True neighbours are found by going through all lists, or those within a reach beyond which there
/// are hardly any. Lists come in one order, whatever the reach, so the search that finds them also
/// tells the least reach that finds each of them: the reach at which most of the misses that are
/// allowed happen is read off these, for all queries and for the newest rows among them. Then the
/// confidence at which the rest does is looked for, among a few, from the lowest on. Since rows of
/// the part are a little easier than other queries, fewer misses are aimed at than allowed. The
/// result depends on part, rows and seed only.
/// </remarks>
internal sealed class VectorCalibrator
{
    private const int QueriesMax = 400;
    private const int WideQueriesMax = 32;
    private const int WideRowsMin = 4 * VectorDial.WideCount;
    private const double Caution = 0.75;
    private const double ReachShare = 0.7;
    private const int NewestShare = 4;
    private const float ReachMax = 1.5f;

    // Few lists that are farther have any of the true neighbours: only where those that are nearer
    // say otherwise are all searched for them.
    private const float ReachOfTruth = 0.6f;
    private const int FarShare = 8;

    // A row is lost to such bounds once in thirty thousand times.
    private const float ConfidenceMax = 4;

    // And once in two thousand times to these, by which the true neighbours are found at half the
    // cost where many rows are about equally near.
    private const float ConfidenceOfTruth = 3.3f;

    // A list whose least reach this is must not be left out by rounding.
    private const float ReachRounding = 1.001f;

    // Where rows lie in tight groups, queries among them need less, but others would miss most of
    // what is near them. It costs little: where neighbours are close by, so are the lists in reach.
    private const float ReachMin = 0.2f;

    // Lower ones save little, and cost recall where queries are unlike the rows: then the k-th best
    // is one of many that lie equally far.
    private static readonly float[] Confidences = [2.2f, 2.5f, 3, ConfidenceMax];

    private readonly IWorkers _workers;
    private readonly VectorPart _part;
    private readonly VectorRows _rows;
    private readonly CancellationToken _cancellation;
    private readonly int _count;
    private readonly int[] _queries;
    private readonly long[][] _nearest;
    private readonly float[][] _reaches;

    private VectorCalibrator(
        IWorkers workers, VectorPart part, VectorRows rows, int count, int queryCount,
        float reach, ulong seed, CancellationToken cancellation)
    {
        _workers = workers;
        _count = count;
        _part = part;
        _rows = rows;
        _cancellation = cancellation;
        _queries = Draw(part, queryCount, seed);
        _nearest = new long[_queries.Length][];
        _reaches = new float[_queries.Length][];
        int[] lists = ListsOf(part, rows.Count);
        _workers.ForEach(_queries.Length, i =>
        {
            var reaches = new float[part.ListCount];
            _nearest[i] = Search(
                _queries[i], new VectorDial(reach, ConfidenceOfTruth), reaches);
            _reaches[i] = Array.ConvertAll(
                _nearest[i], row => lists[row] < 0 ? 0 : reaches[lists[row]]);
        });
    }

    /// <summary>The same part with the dial for a recall.</summary>
    public static VectorPart Calibrate(
        IWorkers workers, VectorPart part, VectorRows rows, double targetRecall, ulong seed,
        CancellationToken cancellation)
    {
        if (part.RowCount < 2 || targetRecall >= 1)
        {
            return part.With(VectorDial.Full, targetRecall, 1);
        }

        VectorCalibrator Ask(int count, int queryCount, float reach) =>
            new(workers, part, rows, count, queryCount, reach, seed, cancellation);
        VectorCalibrator calibrator = Ask(VectorDial.NearCount, QueriesMax, ReachOfTruth);
        if (!calibrator.IsWithin((1 - targetRecall) / FarShare))
        {
            calibrator = Ask(VectorDial.NearCount, QueriesMax, float.PositiveInfinity);
        }

        VectorPart calibrated = calibrator.Calibrate(targetRecall);
        VectorDial dial = calibrated.Dial;
        if (part.RowCount < WideRowsMin || float.IsPositiveInfinity(dial.Reach))
        {
            return calibrated;
        }

        calibrator = Ask(VectorDial.WideCount, WideQueriesMax, float.PositiveInfinity);
        float wide = calibrator.ReachFor((1 - targetRecall) * Caution * ReachShare, dial.Reach);
        return calibrated.With(
            dial with { WideReach = wide }, targetRecall, calibrated.MeasuredRecall);
    }

    /// <summary>
    /// The recall that a dial gives for so many rows of the part as queries: the share of their
    /// true neighbours that are found.
    /// </summary>
    public static double Measure(
        IWorkers workers, VectorPart part, VectorRows rows, VectorDial dial, int queryCount,
        ulong seed, CancellationToken cancellation) => part.RowCount < 2
            ? 1
            : new VectorCalibrator(
                workers, part, rows, VectorDial.NearCount, queryCount, float.PositiveInfinity,
                seed, cancellation)
                .RecallOf(dial);

    /// <summary>The list of each row; -1 where it is in none.</summary>
    private static int[] ListsOf(VectorPart part, int rowCount)
    {
        var lists = new int[rowCount];
        lists.AsSpan().Fill(-1);
        for (int list = 0; list < part.ListCount; list++)
        {
            foreach (int ordinal in part.List(list).Ordinals)
            {
                lists[ordinal] = list;
            }
        }

        return lists;
    }

    private static int[] Draw(VectorPart part, int count, ulong seed)
    {
        var random = new SeededRandomSource(seed ^ 0x5DEECE66D);
        int drawn = (int)Math.Min(count, part.RowCount);
        var places = new long[drawn];
        for (int i = 0; i < drawn; i++)
        {
            long begin = i * part.RowCount / drawn;
            long end = (i + 1) * part.RowCount / drawn;
            places[i] = begin + (long)(random.NextUInt64() % (ulong)(end - begin));
        }

        var queries = new int[drawn];
        long before = 0;
        int next = 0;
        for (int list = 0; list < part.ListCount && next < drawn; list++)
        {
            int[] ordinals = part.List(list).Ordinals;
            for (; next < drawn && places[next] < before + ordinals.Length; next++)
            {
                queries[next] = ordinals[places[next] - before];
            }

            before += ordinals.Length;
        }

        return queries;
    }

    private VectorPart Calibrate(double targetRecall)
    {
        double misses = (1 - targetRecall) * Caution;
        float reach = _part.ListCount > 1
            ? ReachFor(misses * ReachShare, 0)
            : float.PositiveInfinity;
        var dial = new VectorDial(reach, ConfidenceMax);
        double recall = 0;
        for (int i = 0; i < Confidences.Length && recall < 1 - misses; i++)
        {
            dial = new VectorDial(reach, Confidences[i]);
            recall = RecallOf(dial);
        }

        return _part.With(dial, targetRecall, recall);
    }

    /// <summary>
    /// Whether no more of the neighbours than so many are in the farther half of what was searched:
    /// hardly any are then beyond it.
    /// </summary>
    private bool IsWithin(double share)
    {
        long all = _reaches.Sum(static reaches => (long)reaches.Length);
        long far = _reaches.Sum(
            static reaches => reaches.Count(static reach => reach > ReachOfTruth / 2));
        return far <= share * all;
    }

    /// <summary>
    /// The lowest reach, from one on, that misses no more of the true neighbours; infinite if it is
    /// beyond sense.
    /// </summary>
    private float ReachFor(double misses, float low)
    {
        // The newest rows may be unlike the others, and what is asked next like them.
        int[] byAge = [.. Enumerable.Range(0, _queries.Length).OrderBy(i => _queries[i])];
        float found = Math.Max(
            Math.Max(low, QuantileOf(byAge, misses)),
            QuantileOf(byAge[(byAge.Length - (byAge.Length / NewestShare))..], misses));
        return found < ReachMax
            ? Math.Max(found * ReachRounding, ReachMin)
            : float.PositiveInfinity;
    }

    /// <summary>The reach that misses so many of the neighbours of some queries.</summary>
    private float QuantileOf(int[] queries, double misses)
    {
        float[] reaches = [.. queries.SelectMany(i => _reaches[i]).Order()];
        return reaches.Length == 0 ? 0 : reaches[^((int)(misses * reaches.Length) + 1)];
    }

    private double RecallOf(VectorDial dial)
    {
        var hits = new int[_queries.Length];
        _workers.ForEach(_queries.Length, i =>
        {
            long[] found = Search(_queries[i], dial, null);
            hits[i] = found.Intersect(_nearest[i]).Count();
        });
        long all = _nearest.Sum(static nearest => (long)nearest.Length);
        return all == 0 ? 1 : (double)hits.Sum() / all;
    }

    private long[] Search(int row, VectorDial dial, float[]? reaches)
    {
        _cancellation.ThrowIfCancellationRequested();
        using var search = new VectorSearch(_part.Metric, _rows.ToArray(row), _count)
        {
            Reaches = reaches,
        };
        search.Run(_part, _rows, 0, new SelfFilter(row), dial);
        return [.. search.Heap.ToSortedArray().Select(static candidate => candidate.Id)];
    }
}
