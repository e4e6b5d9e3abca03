using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// The lists of a part in the order in which a query visits them, and when it stops. Memory that
/// one search uses again and again.
/// </summary>
/// <remarks>
/// Lists are taken in the order of their centroids. Under L2 and cosine, the plane between the
/// nearest centroid and another one lies (d^2 - d1^2) / (2 |c - c1|) away from the query; no row
/// beyond it is closer. With rho, the distance of the k-th best row so far, and the mean distance
/// of centroids S in place of |c - c1|, a list is left out if (d^2 - d1^2) / (2 S) is more than
/// Reach * rho: Reach 1 would be almost certain, and calibration finds how far below 1 suffices,
/// since in high dimension few of the rows around a query lie in any one direction. Before k rows
/// are found, rho is infinite and nothing is left out. Under the inner product the products of the
/// query with a list spread around that with the centroid by |q| r, r the root mean square distance
/// from centroids: a list is left out if the k-th best is beyond Reach of it.
/// </remarks>
internal sealed class VectorProbe
{
    private const int FirstRun = 32;

    // How many standard deviations the bounds of coded centroids lie below their estimates.
    private const float Confidence = 3.5f;

    // Of the difference between the ranks of two centroids.
    private const float SlackDeviations = 3;

    private readonly CoarseQuery _query = new();
    private float[] _terms = [];
    private int[] _order = [];
    private float[] _estimates = [];
    private float[] _lowers = [];
    private float _queryNorm;
    private VectorPart? _part;
    private int _place;
    private int _second;
    private int _sorted;
    private int _end;
    private bool _isBounded;

    /// <summary>
    /// A bound of the standard deviation of the ranks of centroids, which are computed from their
    /// levels.
    /// </summary>
    public float Deviation { get; private set; }

    /// <summary>
    /// The ranks of the centroids of all lists, or estimates; room for whole blocks.
    /// </summary>
    public ReadOnlySpan<float> Estimates => _estimates;

    /// <summary>The rank of the nearest centroid, after the first list.</summary>
    public float FirstTerm => _terms[0];

    /// <summary>The list of the nearest centroid, after it came.</summary>
    public int FirstList => _order[0];

    /// <summary>The list that may come next; -1 if that is not known yet.</summary>
    public int Upcoming => _place < _sorted ? _order[_place] : _place == 1 ? _second : -1;

    /// <summary>Begins with the lists of a part.</summary>
    /// <param name="part">The part.</param>
    /// <param name="rotated">The query, rotated.</param>
    /// <param name="tables">The same as codes are compared with it.</param>
    public void Begin(VectorPart part, ReadOnlySpan<float> rotated, FastScanQuery tables)
    {
        _part = part;
        _end = part.ListCount;
        if (_terms.Length < _end)
        {
            int room = ListBlocks.CountOf(_end) * CodeBlock.RowCount;
            _terms = new float[_end];
            _order = new int[_end];
            _estimates = new float[room];
            _lowers = new float[room];
        }

        bool isProduct = part.CodeMetric == Metric.InnerProduct;
        _query.Set(rotated, part.Coarse.Mean);
        _queryNorm = isProduct ? MathF.Sqrt(Norm.ComputeSquared(rotated)) : 0;
        bool isRough = part.IsCoarseRough;
        Deviation = isRough ? 0 : part.Coarse.DeviationOf(_query);
        _isBounded = part.Coarse.IsCoded && !isRough;
        if (isRough)
        {
            RankExactly(rotated);
        }
        else if (_isBounded)
        {
            part.Coarse.Bound(tables, rotated, Confidence, _estimates, _lowers);
        }
        else
        {
            RankAll();
        }

        _place = 0;
        _sorted = 0;
    }

    /// <summary>The next list, and the rank of its centroid.</summary>
    /// <param name="kthRank">The rank of the k-th best row so far; never rises.</param>
    /// <param name="reach">How far to go.</param>
    /// <param name="reachMax">How far later calls may go.</param>
    /// <param name="list">The list.</param>
    /// <param name="term">The rank of its centroid.</param>
    /// <returns>False if no list is left, or all that are left lie beyond reach.</returns>
    public bool TryNext(
        float kthRank, float reach, float reachMax, out int list, out float term)
    {
        float limit = _place == 0 ? float.PositiveInfinity : Limit(kthRank, reach);
        if (_place == _sorted)
        {
            SortNext(_place == 0 ? limit : Limit(kthRank, reachMax));
        }

        bool isFound = _place < _sorted && !(_terms[_place] > limit);
        term = isFound ? _terms[_place] : float.NaN;
        list = isFound ? _order[_place++] : -1;
        return isFound;
    }

    /// <summary>
    /// The list whose centroid is nearest to the query, of products that were ranked.
    /// </summary>
    /// <param name="scale">How many times as long as it is the query was taken.</param>
    public int HomeOf(double scale)
    {
        ReadOnlySpan<float> lengths = _part!.HomeTerms;
        float factor = (float)(2 / scale);
        int home = 0;
        float least = float.PositiveInfinity;
        for (int i = 0; i < lengths.Length; i++)
        {
            float distance = lengths[i] + (factor * _estimates[i]);
            home = distance < least ? i : home;
            least = Math.Min(distance, least);
        }

        return home;
    }

    /// <summary>
    /// The least reach at which a list with such a term is not left out: what <see cref="Limit"/>
    /// says, the other way round.
    /// </summary>
    public float ReachOf(float kthRank, float term)
    {
        if (term <= _terms[0] || !float.IsFinite(kthRank))
        {
            return 0;
        }

        float scale = _part!.CodeMetric == Metric.InnerProduct
            ? _queryNorm * _part.Radius
            : 2 * _part.Separation * MathF.Sqrt(Math.Max(0, kthRank));
        float distance = _part.CodeMetric == Metric.InnerProduct
            ? term - kthRank
            : term - _terms[0] - Slack;
        return distance <= 0 ? 0 : distance / scale;
    }

    // The ranks of two centroids may differ by so much more than is known.
    private float Slack => SlackDeviations * Deviation;

    /// <summary>Above which rank of their centroids lists are left out.</summary>
    private float Limit(float kthRank, float reach)
    {
        if (!float.IsFinite(kthRank) || float.IsPositiveInfinity(reach))
        {
            return float.PositiveInfinity;
        }

        return _part!.CodeMetric == Metric.InnerProduct
            ? kthRank + (reach * _queryNorm * _part.Radius)
            : _terms[0] + Slack + (2 * reach * _part.Separation * MathF.Sqrt(Math.Max(0, kthRank)));
    }

    private void RankExactly(ReadOnlySpan<float> rotated)
    {
        bool isProduct = _part!.CodeMetric == Metric.InnerProduct;
        for (int i = 0; i < _end; i++)
        {
            ReadOnlySpan<float> centroid = _part.Centroids.Centroid(i);
            _terms[i] = isProduct
                ? -Dot.Compute(rotated, centroid)
                : SquaredEuclidean.Compute(rotated, centroid);
        }

        Number();
    }

    private void RankAll()
    {
        _part!.Coarse.Rank(_query, _terms);
        Number();
    }

    private void Number()
    {
        _terms.AsSpan(0, _end).CopyTo(_estimates);
        for (int i = 0; i < _end; i++)
        {
            _order[i] = i;
        }
    }

    // Most searches look at few lists: only those within reach are ranked and put in order, the
    // first one before there is a reach.
    private void SortNext(float limit)
    {
        if (_sorted == 0 && _end > 0)
        {
            PutFirst();
            _sorted = 1;
            return;
        }

        if (_isBounded)
        {
            RankBounded(limit);
        }

        if (limit < float.PositiveInfinity)
        {
            LeaveOut(limit);
        }

        int wanted = Math.Min(_end, Math.Max(FirstRun, 2 * _sorted)) - _sorted;
        Span<float> terms = _terms.AsSpan(_sorted, _end - _sorted);
        Span<int> order = _order.AsSpan(_sorted, _end - _sorted);
        if (wanted < terms.Length)
        {
            Select(terms, order, wanted);
        }

        terms[..wanted].Sort(order[..wanted]);
        _sorted += wanted;
    }

    /// <summary>
    /// Puts the nearest list first. Of coded centroids only those are ranked that may be it: whose
    /// bounds lie below the rank of the one with the best estimate.
    /// </summary>
    private void PutFirst()
    {
        int count = _end;
        if (_isBounded)
        {
            int best = Minimum.IndexOf(_estimates.AsSpan(0, _end));
            ReadAhead.Beginning(_part!.PlaceOf(best).Blocks);
            _lowers[best] = float.NegativeInfinity;
            _order[0] = best;
            _part!.Coarse.Rank(_query, _order.AsSpan(0, 1), _terms.AsSpan(0, 1));
            count = Pick(0, _terms[0]);
        }

        int first = 0;
        int second = -1;
        for (int i = 1; i < count; i++)
        {
            bool isFirst = _terms[i] < _terms[first];
            bool isSecond = second < 0 || _terms[i] < _terms[second];
            second = isFirst ? first : isSecond ? i : second;
            first = isFirst ? i : first;
        }

        _second = second < 0 ? -1 : _order[second];

        (_terms[0], _terms[first]) = (_terms[first], _terms[0]);
        (_order[0], _order[first]) = (_order[first], _order[0]);
    }

    /// <summary>Ranks the lists behind the first whose bounds do not lie above a limit.</summary>
    private void RankBounded(float limit)
    {
        int first = _order[0];
        float term = _terms[0];
        _lowers[first] = float.PositiveInfinity;
        _end = float.IsPositiveInfinity(limit) ? PickOthers(first) : Pick(1, limit);
        _order[0] = first;
        _terms[0] = term;
        _isBounded = false;
    }

    /// <summary>Ranks from a place on the lists whose bounds do not lie above a limit.</summary>
    /// <returns>Where they end.</returns>
    private int Pick(int start, float limit)
    {
        int count = start + Minimum.IndexesUpTo(
            _lowers.AsSpan(0, _part!.ListCount), limit, _order.AsSpan(start));
        _part.Coarse.Rank(
            _query, _order.AsSpan(start, count - start), _terms.AsSpan(start, count - start));
        return count;
    }

    private int PickOthers(int first)
    {
        RankAll();
        (_order[0], _order[first]) = (_order[first], _order[0]);
        (_terms[0], _terms[first]) = (_terms[first], _terms[0]);
        return _part!.ListCount;
    }

    /// <summary>Takes out lists beyond a limit, which never rises.</summary>
    private void LeaveOut(float limit)
    {
        int kept = _sorted;
        for (int i = _sorted; i < _end; i++)
        {
            float term = _terms[i];
            _terms[kept] = term;
            _order[kept] = _order[i];
            kept += term > limit ? 0 : 1;
        }

        _end = kept;
    }

    /// <summary>
    /// Moves the smallest to the front (Hoare, Algorithm 65: Find, CACM 1961); NaN counts as large.
    /// </summary>
    private static void Select(Span<float> keys, Span<int> items, int count)
    {
        int low = 0;
        int high = keys.Length - 1;
        while (low < high)
        {
            float pivot = keys[(low + high) >>> 1];
            int i = low;
            int j = high;
            while (i <= j)
            {
                while (keys[i] < pivot)
                {
                    i++;
                }

                while (keys[j] > pivot)
                {
                    j--;
                }

                if (i <= j)
                {
                    (keys[i], keys[j]) = (keys[j], keys[i]);
                    (items[i], items[j]) = (items[j], items[i]);
                    i++;
                    j--;
                }
            }

            if (count - 1 <= j)
            {
                high = j;
            }
            else if (count - 1 >= i)
            {
                low = i;
            }
            else
            {
                break;
            }
        }
    }
}
