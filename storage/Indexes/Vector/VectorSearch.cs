using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// The search for the k rows closest to one vector, through the parts of a table one after the
/// other: the best so far are carried on, so every part need only beat them. One thread owns it,
/// and disposes of it so that the next search has its memory.
/// </summary>
/// <remarks>
/// For each part: the query is rotated, centroids are ranked, and the codes of the nearest lists
/// are scanned. A row whose lower bound is above the k-th lowest upper bound of others, or above
/// the k-th best distance, is left out; those that remain are compared exactly, in the order of
/// their estimates, when all lists within reach are scanned or when there are many of them. So the
/// answer is exact but for lists that were left out and bounds that did not hold, both of which the
/// <see cref="VectorDial"/> decides.
/// </remarks>
internal sealed partial class VectorSearch : IDisposable
{
    private const int FirstFewMax = 32;
    private const int PendingCountMin = 128;
    private const int AheadSizeBytes = 12 * 1024;
    private const int RowsAheadMin = 3;
    private const int RowsAheadMax = 16;

    // How much farther what is not settled goes, and from where on it looks everywhere.
    private const float FartherFactor = 1.25f;
    private const float FartherMax = 2;

    private readonly float[] _unit;
    private readonly List<long>? _hits;
    private readonly float _rankMax;
    private readonly float _squaredNorm;

    // By code ranks, the upper bounds of rows: the k-th lowest is above that of the answer. Where
    // fewer rows are wanted than was calibrated for, as many as that decide how far to go.
    private readonly TopKHeap _uppers;
    private SearchMemory? _memory;
    private VectorSearchStatistics _statistics;

    private bool _isBegun;

    // Upper bounds did not hold; what had been found when a part is scanned again.
    private bool _isRefuted;
    private HashSet<long>? _found;

    // Forks divide the lists of a part by number.
    private int _share;
    private int _shareCount = 1;

    // Rows nearer than the k-th best that passes, whether they pass or not: how the condition lies
    // to the query decides how far the rows are that pass.
    private double _nearCount;

    // Of the parts so far.
    private long _rowCount;

    /// <summary>Begins a search.</summary>
    /// <param name="metric">One that an index can serve.</param>
    /// <param name="query">The vector; copied.</param>
    /// <param name="k">How many rows are wanted.</param>
    public VectorSearch(Metric metric, ReadOnlySpan<float> query, int k)
    {
        Metric = metric;
        _memory = SearchMemory.Take();
        _memory.Query.Set(metric, query);
        _squaredNorm = _memory.Query.SquaredNorm;
        _unit = _memory.Unit(query.Length);
        query.CopyTo(_unit);
        if (metric == Metric.Cosine && IsRankable)
        {
            UnitVector.Scale(_unit);
        }

        _memory.Rotated.Clear(metric);
        Heap = new TopKHeap(k);
        _uppers = new TopKHeap(k == 0 ? 0 : Math.Max(k, VectorDial.NearCount));
        _memory.Progress.Clear(_uppers);
    }

    private VectorSearch(Metric metric, ReadOnlySpan<float> query, float rankMax)
        : this(metric, query, 0)
    {
        _hits = [];
        _rankMax = rankMax;
    }

    /// <summary>Begins a search for all rows that rank up to a bound, in no order.</summary>
    public static VectorSearch Within(
        Metric metric, ReadOnlySpan<float> query, float rankMax) => new(metric, query, rankMax);

    /// <summary>
    /// The same search with nothing found, for another thread, through its share of the lists of
    /// each part; <see cref="Join"/> takes what it finds.
    /// </summary>
    public VectorSearch Fork(int share, int shareCount) => _hits is null
        ? new VectorSearch(Metric, Memory.Query.Numbers, Heap.Capacity)
        {
            Selectivity = Selectivity,
            _share = share,
            _shareCount = shareCount,
        }
        : new VectorSearch(Metric, Memory.Query.Numbers, _rankMax)
        {
            _share = share,
            _shareCount = shareCount,
        };

    /// <summary>Takes what a fork has found.</summary>
    public void Join(VectorSearch fork)
    {
        Memory.Query.CopyBase(fork.Memory.Query);
        Memory.Ties.Join(fork.Memory.Ties);
        Heap.MergeFrom(fork.Heap);
        _hits?.AddRange(fork.Hits);
        _statistics = _statistics.Plus(fork.Statistics);
    }

    /// <summary>The rows found of a search within a bound.</summary>
    public IReadOnlyList<long> Hits => _hits ?? [];

    /// <summary>What the search ranks by.</summary>
    public Metric Metric { get; }

    /// <summary>The best so far, by rank, without what the query takes from all.</summary>
    public TopKHeap Heap { get; }

    /// <summary>
    /// The share of rows that pass the filters: the fewer they are, the farther a search goes.
    /// </summary>
    public double Selectivity { get; set; } = 1;

    /// <summary>
    /// For each list of a part that <see cref="Run"/> visits, the rank of its centroid and the
    /// least reach at which it does; null if nobody asks.
    /// </summary>
    public (float Term, float Reach)[]? Visits { get; init; }

    /// <summary>
    /// The share of the nearest rows that other lists seemed to hold when those within reach had
    /// been visited; NaN if none was left.
    /// </summary>
    public float MissingShare { get; private set; } = float.NaN;

    /// <summary>The place of the next part among others.</summary>
    public int Place { get; set; }

    /// <summary>What was done so far.</summary>
    public VectorSearchStatistics Statistics => _statistics;

    /// <summary>
    /// Whether codes can rank rows for the query: not if it has a NaN, or is too large for single
    /// precision, or under cosine has no direction. Such a query needs the exact scan.
    /// </summary>
    public bool IsRankable => _squaredNorm < float.MaxValue / 64
        && (Metric != Metric.Cosine || _squaredNorm >= UnitVector.SquaredNormMin);

    /// <summary>Searches a part.</summary>
    /// <param name="part">The part.</param>
    /// <param name="rows">Its vectors.</param>
    /// <param name="firstId">What is added to an ordinal to get the id of a row.</param>
    /// <param name="filter">Which rows count; null for all.</param>
    /// <param name="dial">How far to go.</param>
    public void Run(
        VectorPart part, VectorRows rows, long firstId, CandidateFilter? filter, VectorDial dial)
    {
        Invariant.Check(IsRankable && part.Metric == Metric);
        Invariant.Check(rows.Dimension == _unit.Length);
        if (Memory.Rotated.Set(part, _unit, Memory.Tables))
        {
            _uppers.Clear();
        }

        if (!_isBegun && _hits is null && Metric != Metric.Hamming)
        {
            Memory.Rotated.SetBase(part, Memory.Query);
            Memory.Ties.SetTerms(Memory.Rotated.TermSizeOf(part));
        }

        _isBegun = true;
        if (IsShared(0))
        {
            RankAll(part.Unlisted, rows, firstId, filter);
        }

        Memory.Ties.Begin(rows, firstId);
        _nearCount = 0;
        MissingShare = float.NaN;
        Memory.Progress.Begin(part.ListCount);
        for (int i = 0; _shareCount > 1 && i < part.ListCount; i++)
        {
            if (!IsShared(i))
            {
                Memory.Progress.Leave(i);
            }
        }

        float factor = Memory.Rotated.ReachFactorOf(part);
        while (Visit(part, rows, firstId, filter, dial.Times(factor), out float reach)
            && IsUnsettled(part, dial, reach))
        {
            factor = reach < FartherMax ? factor * FartherFactor : float.PositiveInfinity;
        }

        VisitHome(part, filter, dial);
        RankPending(part, rows, firstId);
        _rowCount += part.RowCount;
        bool isForeign = IsForeign(part, dial);
        if (isForeign || IsRefuted())
        {
            Repeat(part, rows, firstId, filter, dial, isForeign);
        }
    }

    /// <summary>Visits the lists within reach that have not been visited.</summary>
    /// <returns>Whether there may be others.</returns>
    private bool Visit(
        VectorPart part, VectorRows rows, long firstId, CandidateFilter? filter,
        VectorDial dial, out float reach)
    {
        VectorProbe probe = Memory.Probe;
        ListProgress progress = Memory.Progress;
        int pendingMax = Math.Max(PendingCountMin, 2 * Heap.Capacity);
        reach = filter is null
            ? dial.ReachFor(_uppers.Capacity / Selectivity)
            : dial.ReachFor(_uppers.Capacity, Selectivity, _nearCount);
        probe.Begin(part, Memory.Rotated.Vector, Memory.Tables);
        float threshold = Horizon;
        while (probe.TryNext(
            threshold, reach, filter is null ? reach : float.PositiveInfinity,
            out int list, out float term))
        {
            if (progress.IsVisited(list))
            {
                continue;
            }

            if (Visits is not null)
            {
                Visits[list] = (term, probe.ReachOf(threshold, term));
            }

            progress.Visit(list);
            Scan(part, list, term, filter, dial.ConfidenceFor(Selectivity));
            if (filter is not null)
            {
                reach = dial.ReachFor(_uppers.Capacity, Selectivity, _nearCount);
            }

            if (Memory.Pending.Count >= pendingMax)
            {
                RankPending(part, rows, firstId);
            }

            threshold = Horizon;
        }

        return reach < float.PositiveInfinity && _hits is null
            && progress.VisitCount * _shareCount < part.ListCount;
    }

    /// <summary>How the query lies to the part that came last.</summary>
    /// <param name="part">That part.</param>
    /// <param name="nearest">The rank of the nearest row.</param>
    /// <param name="farthest">The rank of the last row wanted.</param>
    public QueryDistances DistancesIn(VectorPart part, double nearest, double farthest)
    {
        float centroid = Memory.Rotated.CodeDistanceOf(Memory.Probe.FirstTerm);
        float last = DistanceOf(farthest);
        return new QueryDistances(
            DistanceOf(nearest),
            last,
            centroid,
            part.Relate(centroid, part.RadiusOf(Memory.Probe.FirstList)),
            part.Relate(last, centroid));
    }

    private float DistanceOf(double rank) => Memory.Rotated.DistanceOf((float)rank);

    /// <summary>The rows found, the nearest first, with their distances.</summary>
    public Candidate[] ToResult()
    {
        if (Heap.Count == Heap.Capacity)
        {
            Memory.Ties.Settle(Heap, Memory.Query);
        }

        return Array.ConvertAll(
            Heap.ToSortedArray(),
            row => row with
            {
                Distance = Ranks.ToDistance(Metric, row.Distance + Memory.Query.Base),
            });
    }

    /// <summary>Gives the memory to the next search; the heap stays.</summary>
    public void Dispose()
    {
        if (_memory is not null)
        {
            SearchMemory.Return(_memory);
            _memory = null;
        }
    }

    private SearchMemory Memory =>
        _memory ?? throw Invariant.Broken("a search is used until it is disposed of");

    // The rank that a row must reach; codes for the cosine rank by twice its distance.
    private float Threshold
    {
        get
        {
            float bound = Memory.Rotated.CodeRankOf(
                _hits is null ? Heap.Threshold : _rankMax);
            return _hits is null && !_isRefuted ? MathF.Min(bound, _uppers.Threshold) : bound;
        }
    }

    // The rank up to which rows tell how far to go, where few are wanted.
    private float Horizon => Heap.Capacity < _uppers.Capacity && !_isRefuted
        ? _uppers.Threshold
        : Threshold;

    private bool IsShared(int list) => (list + Place) % _shareCount == _share;

    private void Scan(
        VectorPart part, int list, float term, CandidateFilter? filter, float confidence)
    {
        ref readonly ListPlace codes = ref part.PlaceOf(list);
        ListProbe probe = Memory.Rotated.ProbeOf(
            part, list, term, Memory.Probe.Deviation, confidence, Memory.Tables,
            out float slack);
        ListSurvivors survivors = Memory.Survivors;
        float threshold = Horizon;
        int found = ListScan.Filter(
            Memory.Tables, probe, codes.Blocks, codes.Count, threshold + slack, survivors,
            Memory.Probe.Upcoming is >= 0 and int next ? part.PlaceOf(next).Blocks : []);
        _statistics.Lists++;
        _statistics.Codes += codes.Count;
        _statistics.Bytes += survivors.SizeBytesRead;
        int near = 0;
        int count = filter is null ? found : Keep(in codes, filter, found, threshold, out near);
        Span<float> lowers = survivors.Lowers.AsSpan(0, count);
        UpperBounds.Subtract(slack, lowers);

        if (_hits is null && _found is null)
        {
            Memory.Progress.Add(survivors.Estimates.AsSpan(0, count), lowers);
        }

        // The first rows that pass tell by their share how many others there are among them.
        bool isFirst = float.IsPositiveInfinity(threshold) && Horizon < threshold;
        _nearCount += isFirst ? (double)_uppers.Capacity * found / Math.Max(1, count) : near;
        Memory.Pending.Add(list, survivors, count, Threshold);
    }

    /// <summary>
    /// Moves the survivors that pass the filter to the front; counts all that are near.
    /// </summary>
    private int Keep(
        in ListPlace codes, CandidateFilter filter, int count, float threshold, out int near)
    {
        int kept = 0;
        near = 0;
        ListSurvivors survivors = Memory.Survivors;
        int[] slots = survivors.Slots;
        for (int i = 0; i < count; i++)
        {
            near += survivors.Estimates[i] > threshold ? 0 : 1;
            if (filter.Passes(codes.Ordinal(slots[i])))
            {
                slots[kept] = slots[i];
                survivors.Estimates[kept] = survivors.Estimates[i];
                survivors.Lowers[kept] = survivors.Lowers[i];
                kept++;
            }
        }

        return kept;
    }
}
