namespace NeuroDb.Storage;

/// <summary>
/// The true neighbours of some queries, and the least reach at which a search finds each of them:
/// lists come in one order, whatever the reach, so the search that finds the neighbours also tells
/// these.
/// </summary>
internal sealed class CalibrationSample
{
    private const int NewestShare = 4;

    private readonly IWorkers _workers;
    private readonly VectorPart _part;
    private readonly VectorRows _rows;
    private readonly CancellationToken _cancellation;
    private readonly int _count;
    private readonly VectorDial _truth;
    private readonly int[] _lists;
    private CalibrationQuery[] _queries = [];
    private long[][] _nearest = [];
    private float[][] _reaches = [];

    // What each query left, as it seemed.
    private float[] _missing = [];

    // How each query lies to the rows, for each of its neighbours as the last one wanted.
    private QueryDistances[][] _distances = [];

    // The neighbours of each query that are found although bounds leave rows out.
    private bool[][] _isFound = [];

    /// <summary>Finds the neighbours.</summary>
    /// <param name="workers">The threads.</param>
    /// <param name="part">The part.</param>
    /// <param name="rows">Its vectors.</param>
    /// <param name="queries">What is asked.</param>
    /// <param name="count">How many neighbours.</param>
    /// <param name="truth">How far to go for them.</param>
    /// <param name="cancellation">Ends the work.</param>
    public CalibrationSample(
        IWorkers workers, VectorPart part, VectorRows rows, CalibrationQuery[] queries, int count,
        VectorDial truth, CancellationToken cancellation)
    {
        _workers = workers;
        _part = part;
        _rows = rows;
        _count = count;
        _truth = truth;
        _cancellation = cancellation;
        _lists = ListsOf(part, rows.Count);
        Add(queries);
    }

    /// <summary>Finds the neighbours of more queries.</summary>
    public void Add(CalibrationQuery[] queries)
    {
        int known = _queries.Length;
        int all = known + queries.Length;
        _queries = [.. _queries, .. queries];
        Array.Resize(ref _nearest, all);
        Array.Resize(ref _reaches, all);
        Array.Resize(ref _isFound, all);
        Array.Resize(ref _missing, all);
        Array.Resize(ref _distances, all);
        _workers.ForEach(queries.Length, i => Ask(known + i));
    }

    /// <summary>
    /// The kinds of queries of which some of the distribution of the rows need more than a reach.
    /// </summary>
    public HashSet<int> KindsBeyond(float reach, UsualDistances usual) =>
    [
        .. Enumerable.Range(0, _queries.Length)
            .Where(i => IsUsual(i, usual) && _reaches[i].Any(needed => needed > reach))
            .Select(i => _queries[i].Kind),
    ];

    /// <summary>How many neighbours there are of all queries.</summary>
    private long NeighborCount => _nearest.Sum(static nearest => (long)nearest.Length);

    /// <summary>The share of the neighbours that need more than a reach.</summary>
    public double ShareBeyond(float reach) => (double)_reaches.Sum(
        reaches => reaches.Count(needed => needed > reach)) / Math.Max(1, NeighborCount);

    /// <summary>
    /// The lowest reach that misses no more of the neighbours than such a share, of all rows, of
    /// the newest among them, which may be unlike the others, as what is asked next may be like
    /// them, and of queries unlike the rows; and no more of the nearest of each, which may be all
    /// that is asked for.
    /// </summary>
    public float ReachFor(double misses)
    {
        int[] rows =
        [
            .. Enumerable.Range(0, _queries.Length).Where(i => _queries[i].Row >= 0)
                .OrderBy(i => _queries[i].Row),
        ];
        int[] others =
            [.. Enumerable.Range(0, _queries.Length).Where(i => _queries[i].Row < 0)];
        int[] newest = rows[(rows.Length - (rows.Length / NewestShare))..];
        float all = new[] { rows, newest, others }.Max(
            queries => QuantileOf(queries.SelectMany(i => _reaches[i]), misses));
        float nearest = new[] { rows, others }.Max(
            queries => QuantileOf(queries.SelectMany(i => _reaches[i].Take(1)), misses));
        return Math.Max(all, nearest);
    }

    /// <summary>
    /// What the queries that are rows have of something about the neighbour at a place, in
    /// ascending order.
    /// </summary>
    public float[] ValuesOf(int place, Func<QueryDistances, float> value) =>
        [.. RowsWith(place).Select(distances => value(distances[place])).Order()];

    /// <summary>
    /// How much more they have of it at one place of the neighbours than at another, in ascending
    /// order.
    /// </summary>
    public float[] GrowthBetween(
        int place, int farther, Func<QueryDistances, float> value) =>
    [
        .. RowsWith(farther)
            .Select(distances => value(distances[farther]) - value(distances[place])).Order(),
    ];

    /// <summary>
    /// Takes queries that are of another distribution than rows for such as go through all lists,
    /// so that they need no reach.
    /// </summary>
    public void Leave(UsualDistances usual)
    {
        for (int i = 0; i < _queries.Length; i++)
        {
            if (!IsUsual(i, usual))
            {
                _reaches[i].AsSpan().Clear();
            }
        }
    }

    /// <summary>
    /// The recall of the kind of queries that has the least of it, after <see cref="RecallOf"/>,
    /// if those of another distribution than rows find all; null: as they did.
    /// </summary>
    public double LeastRecall(UsualDistances? usual) => Enumerable.Range(0, _queries.Length)
        .Where(i => _isFound[i].Length > 0)
        .GroupBy(i => _queries[i].Kind)
        .Select(kind => kind.Average(i => usual?.Hold(_count, 1, _distances[i][^1]) != false
            ? _isFound[i].Average(static isFound => isFound ? 1 : 0)
            : 1))
        .DefaultIfEmpty(1).Min();

    /// <summary>
    /// The recall that a dial gives: the share of the neighbours that are found. It notes which.
    /// </summary>
    public double RecallOf(VectorDial dial)
    {
        _workers.ForEach(_queries.Length, i =>
        {
            using VectorSearch search = Search(_queries[i], dial, null);
            _missing[i] = float.IsNaN(search.MissingShare) ? 0 : search.MissingShare;
            var found = search.Heap.ToSortedArray().Select(static row => row.Id).ToHashSet();
            _isFound[i] = Array.ConvertAll(_nearest[i], found.Contains);
        });
        return RecallWithin(float.PositiveInfinity);
    }

    /// <summary>
    /// What lists beyond reach seem to hold of the nearest rows, after
    /// <see cref="RecallOf"/>: no more for such a share of the queries.
    /// </summary>
    public float MissingFor(double share)
    {
        float[] ordered = [.. _missing.Order()];
        return ordered.Length == 0 ? 0 : ordered[(int)(share * (ordered.Length - 1))];
    }

    /// <summary>The recall of the same search where it goes less far.</summary>
    public double RecallWithin(float reach)
    {
        long found = 0;
        for (int i = 0; i < _queries.Length; i++)
        {
            for (int j = 0; j < _isFound[i].Length; j++)
            {
                found += _isFound[i][j] && _reaches[i][j] <= reach ? 1 : 0;
            }
        }

        return NeighborCount == 0 ? 1 : (double)found / NeighborCount;
    }

    /// <summary>The share of the neighbours within a reach that are not found.</summary>
    public double MissesWithin(float reach) =>
        1 - ShareBeyond(reach) - RecallWithin(reach);

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

    private IEnumerable<QueryDistances[]> RowsWith(int place) => _distances
        .Where((distances, i) => _queries[i].Row >= 0 && distances.Length > place);

    private bool IsUsual(int index, UsualDistances usual)
    {
        QueryDistances[] distances = _distances[index];
        return distances.Length < _count || usual.Hold(_count, 1, distances[^1]);
    }

    private void Ask(int index)
    {
        var visits = new (float Term, float Reach)[_part.ListCount];
        using VectorSearch search = Search(_queries[index], _truth, visits);
        Gpu.Candidate[] found = search.Heap.ToSortedArray();
        _nearest[index] = Array.ConvertAll(found, static row => row.Id);
        _distances[index] = Array.ConvertAll(
            found, row => search.DistancesIn(_part, found[0].Distance, row.Distance));
        _reaches[index] = Array.ConvertAll(
            _nearest[index], row => _lists[row] < 0 ? 0 : visits[_lists[row]].Reach);
        _isFound[index] = [];
    }

    private static float QuantileOf(IEnumerable<float> reaches, double misses)
    {
        float[] ordered = [.. reaches.Order()];
        return ordered.Length == 0 ? 0 : ordered[^((int)(misses * ordered.Length) + 1)];
    }

    private VectorSearch Search(
        CalibrationQuery query, VectorDial dial, (float Term, float Reach)[]? visits)
    {
        _cancellation.ThrowIfCancellationRequested();
        var search = new VectorSearch(_part.Metric, query.Vector, _count) { Visits = visits };
        search.Run(
            _part, _rows, 0, query.Row < 0 ? null : new SelfFilter(query.Row), dial);
        return search;
    }
}
