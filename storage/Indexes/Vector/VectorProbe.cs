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
    private float[] _terms = [];
    private int[] _order = [];
    private float _queryNorm;
    private VectorPart? _part;
    private int _sorted;

    /// <summary>Lists of the part.</summary>
    public int Count { get; private set; }

    /// <summary>Ranks the lists of a part.</summary>
    public void Begin(VectorPart part, ReadOnlySpan<float> rotated)
    {
        _part = part;
        Count = part.ListCount;
        if (_terms.Length < Count)
        {
            _terms = new float[Count];
            _order = new int[Count];
        }

        bool isProduct = part.CodeMetric == Metric.InnerProduct;
        _queryNorm = isProduct ? Norm.Compute(rotated) : 0;
        part.Coarse.Rank(part.CodeMetric, rotated, _terms);
        for (int i = 0; i < Count; i++)
        {
            _order[i] = i;
        }

        _sorted = 0;
    }

    /// <summary>The list that comes so-manieth, and the rank of its centroid.</summary>
    public int At(int place, out float term)
    {
        const int Run = 32;
        if (place >= _sorted)
        {
            SortNext(Math.Min(Count, Math.Max(Run, 2 * _sorted)));
        }

        term = _terms[place];
        return _order[place];
    }

    /// <summary>Whether lists whose centroids rank like this or farther are left out.</summary>
    public bool IsBeyond(float term, float kthRank, float reach)
    {
        if (!float.IsFinite(kthRank) || float.IsPositiveInfinity(reach))
        {
            return false;
        }

        if (_part!.CodeMetric == Metric.InnerProduct)
        {
            return term - (reach * _queryNorm * _part.Radius) > kthRank;
        }

        return term - _terms[0] > 2 * reach * _part.Separation * MathF.Sqrt(Math.Max(0, kthRank));
    }

    // Most searches look at few lists: only as many as are asked for are put in order.
    private void SortNext(int end)
    {
        Span<float> terms = _terms.AsSpan(_sorted, Count - _sorted);
        Span<int> order = _order.AsSpan(_sorted, Count - _sorted);
        int wanted = end - _sorted;
        if (wanted < terms.Length)
        {
            Select(terms, order, wanted);
        }

        terms[..wanted].Sort(order[..wanted]);
        _sorted = end;
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
