using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// The search for the k rows closest to one vector, through the parts of a table one after the
/// other: the best so far are carried on, so every part need only beat them. One thread owns it.
/// </summary>
/// <remarks>
/// For each part: the query is rotated, centroids are ranked, and the codes of the nearest lists
/// are scanned. A row whose lower bound is above the k-th best distance is left out; the distance
/// of every other one is computed exactly, in the order of estimates. So the answer is exact but
/// for lists that were left out and bounds that did not hold, both of which the
/// <see cref="VectorDial"/> decides.
/// </remarks>
internal sealed class VectorSearch
{
    private const int FirstFewMax = 32;
    private const int RowsAhead = 3;

    private readonly VectorQuery _query;
    private readonly float[] _unit;
    private readonly VectorProbe _probe = new();
    private readonly ListSurvivors _survivors = new();
    private (int Ordinal, float Lower)[] _queue = [];
    private int _queuedCount;
    private float[] _rotated = [];
    private FastScanQuery? _tables;
    private ulong _rotationSeed;
    private VectorSearchStatistics _statistics;
    private readonly List<long>? _hits;
    private readonly float _rankMax;

    /// <summary>Begins a search.</summary>
    /// <param name="metric">One that an index can serve.</param>
    /// <param name="query">The vector; copied.</param>
    /// <param name="k">How many rows are wanted.</param>
    public VectorSearch(Metric metric, ReadOnlySpan<float> query, int k)
    {
        Metric = metric;
        _query = new VectorQuery(metric, query);
        _unit = query.ToArray();
        if (metric == Metric.Cosine && IsRankable)
        {
            UnitVector.Scale(_unit);
        }

        Heap = new TopKHeap(k);
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

    /// <summary>The rows found of a search within a bound.</summary>
    public IReadOnlyList<long> Hits => _hits ?? [];

    /// <summary>What the search ranks by.</summary>
    public Metric Metric { get; }

    /// <summary>The best so far, by rank.</summary>
    public TopKHeap Heap { get; }

    /// <summary>What was done so far.</summary>
    public VectorSearchStatistics Statistics => _statistics;

    /// <summary>
    /// Whether codes can rank rows for the query: not if it has a NaN, or is too large for single
    /// precision, or under cosine has no direction. Such a query needs the exact scan.
    /// </summary>
    public bool IsRankable => _query.SquaredNorm < float.MaxValue / 64
        && (Metric != Metric.Cosine || _query.SquaredNorm >= UnitVector.SquaredNormMin);

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
        Prepare(part.Rotation);
        RankAll(part.Unlisted, rows, firstId, filter);
        _probe.Begin(part, _rotated);
        for (int i = 0; i < _probe.Count; i++)
        {
            int list = _probe.At(i, out float term);
            if (_probe.IsBeyond(term, Threshold, dial.Reach))
            {
                break;
            }

            Scan(part, part.List(list), list, rows, firstId, filter, dial.Confidence);
        }

        RankQueued(rows, firstId, _queuedCount);
    }

    /// <summary>Compares some rows exactly.</summary>
    public void RankAll(
        ReadOnlySpan<int> ordinals, VectorRows rows, long firstId, CandidateFilter? filter)
    {
        foreach (int ordinal in ordinals)
        {
            if (filter is null || filter.Passes(ordinal))
            {
                Rank(rows, ordinal, firstId);
            }
        }
    }

    // The rank that a code must reach: codes for the cosine rank by twice its distance.
    private float Threshold => (Metric == Metric.Cosine ? 2 : 1) * Bound;

    private float Bound => _hits is null ? Heap.Threshold : _rankMax;

    private void Prepare(RandomRotation rotation)
    {
        if (_tables is null || _rotationSeed != rotation.Seed)
        {
            _rotated = new float[rotation.PaddedDimension];
            rotation.Rotate(_unit, _rotated);
            _tables = new FastScanQuery(1, _rotated);
            _rotationSeed = rotation.Seed;
        }
    }

    private void Scan(
        VectorPart part, VectorList codes, int list, VectorRows rows, long firstId,
        CandidateFilter? filter, float confidence)
    {
        ReadOnlySpan<float> centroid = part.Centroids.Centroid(list);
        float squared = SquaredEuclidean.Compute(_rotated, centroid);
        float term = part.CodeMetric == Metric.L2 ? squared : -Dot.Compute(_rotated, centroid);
        float distance = MathF.Sqrt(squared);
        int count = ListScan.Filter(
            _tables!,
            new ListProbe(term, distance, confidence),
            codes.Blocks.Span,
            codes.Count,
            Threshold,
            _survivors);
        _statistics.Lists++;
        _statistics.Codes += codes.Count;
        _statistics.Bytes += codes.Blocks.Length;
        if (filter is not null)
        {
            count = Keep(codes, filter, count);
        }

        if (_hits is null && Heap.Count < Heap.Capacity)
        {
            int first = PutBestFirst(Math.Min(count, Math.Min(Heap.Capacity, FirstFewMax)), count);
            RankBest(codes, rows, firstId, first);
            Queue(codes, rows, first, count);
        }
        else
        {
            int queued = _queuedCount;
            Queue(codes, rows, 0, count);
            RankQueued(rows, firstId, queued);
        }
    }

    /// <summary>Moves the survivors that pass the filter to the front.</summary>
    private int Keep(VectorList codes, CandidateFilter filter, int count)
    {
        int kept = 0;
        int[] slots = _survivors.Slots;
        for (int i = 0; i < count; i++)
        {
            if (filter.Passes(codes.Ordinals[slots[i]]))
            {
                slots[kept] = slots[i];
                _survivors.Estimates[kept] = _survivors.Estimates[i];
                _survivors.Lowers[kept] = _survivors.Lowers[i];
                kept++;
            }
        }

        return kept;
    }

    /// <summary>
    /// Moves the survivors with the lowest estimates to the front, so that what they set as the
    /// bound leaves out most of the others.
    /// </summary>
    private int PutBestFirst(int wanted, int count)
    {
        float[] estimates = _survivors.Estimates;
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            if (kept == wanted && !(estimates[i] < estimates[kept - 1]))
            {
                continue;
            }

            int place = kept < wanted ? kept++ : kept - 1;
            Swap(place, i);
            while (place > 0 && estimates[place] < estimates[place - 1])
            {
                Swap(place, place - 1);
                place--;
            }
        }

        return kept;
    }

    private void Swap(int a, int b)
    {
        (_survivors.Slots[a], _survivors.Slots[b]) = (_survivors.Slots[b], _survivors.Slots[a]);
        float[] estimates = _survivors.Estimates;
        (estimates[a], estimates[b]) = (estimates[b], estimates[a]);
        float[] lowers = _survivors.Lowers;
        (lowers[a], lowers[b]) = (lowers[b], lowers[a]);
    }

    /// <summary>Computes the distances of the first survivors.</summary>
    private void RankBest(VectorList codes, VectorRows rows, long firstId, int count)
    {
        ReadOnlySpan<int> slots = _survivors.Slots.AsSpan(0, count);
        int[] ordinals = codes.Ordinals;
        for (int i = 0; i < Math.Min(RowsAhead, count); i++)
        {
            rows.Prefetch(ordinals[slots[i]]);
        }

        for (int i = 0; i < count; i++)
        {
            if (i + RowsAhead < count)
            {
                rows.Prefetch(ordinals[slots[i + RowsAhead]]);
            }

            Rank(rows, ordinals[slots[i]], firstId);
        }
    }

    /// <summary>
    /// Puts survivors whose bound still holds into the queue, and asks for their rows: they come
    /// while the next list is scanned.
    /// </summary>
    private void Queue(VectorList codes, VectorRows rows, int first, int count)
    {
        if (_queue.Length < _queuedCount + count)
        {
            Array.Resize(ref _queue, Math.Max(_queuedCount + count, 2 * _queue.Length));
        }

        float threshold = Threshold;
        for (int i = first; i < count; i++)
        {
            float lower = _survivors.Lowers[i];
            if (!(lower > threshold))
            {
                int ordinal = codes.Ordinals[_survivors.Slots[i]];
                _queue[_queuedCount++] = (ordinal, lower);
                rows.Prefetch(ordinal);
            }
        }
    }

    /// <summary>Computes the distances of the first rows of the queue and takes them out.</summary>
    private void RankQueued(VectorRows rows, long firstId, int count)
    {
        for (int i = 0; i < count; i++)
        {
            (int ordinal, float lower) = _queue[i];
            if (!(lower > Threshold))
            {
                Rank(rows, ordinal, firstId);
            }
        }

        _queue.AsSpan(count, _queuedCount - count).CopyTo(_queue);
        _queuedCount -= count;
    }

    private void Rank(VectorRows rows, int ordinal, long firstId)
    {
        float rank = rows.Rank(ordinal, _query);
        if (_hits is null)
        {
            Heap.TryAdd(rank, firstId + ordinal);
        }
        else if (rank <= _rankMax)
        {
            _hits.Add(firstId + ordinal);
        }

        _statistics.Reranked++;
        _statistics.Bytes += rows.RowSizeBytes;
    }
}
