using System.Runtime.Intrinsics;
using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// Which lists of a part a search has visited, and when it found the rows that seem nearest: how
/// these become fewer with the distance of the lists tells what share of them is still to come,
/// whatever calibration said. So queries unlike all that were calibrated for go farther than
/// others. One search at a time owns it.
/// </summary>
internal sealed class ListProgress
{
    // What is added to small counts, so that none of them stands for nothing.
    private const float Half = 0.5f;
    private const float Quarter = 0.25f;

    // The mark of lists that other threads visit.
    private const int Elsewhere = int.MaxValue;

    private TopKHeap _nearest = new(0);
    private int[] _visits = [];
    private int _visit;
    private int _first;
    private bool _isDivided;

    /// <summary>Begins a search whose nearest rows, by upper bounds, a heap keeps.</summary>
    public void Clear(TopKHeap uppers) => _nearest = uppers;

    /// <summary>Begins a part of so many lists.</summary>
    public void Begin(int listCount)
    {
        if (_visits.Length < listCount || _isDivided || _visit > int.MaxValue / 2)
        {
            int length = ListBlocks.CountOf(listCount) * CodeBlock.RowCount;
            _visits = new int[Math.Max(length, _visits.Length)];
            _visit = 0;
            _isDivided = false;
        }

        _first = ++_visit;
    }

    /// <summary>How many lists of the part have been visited.</summary>
    public int VisitCount => _visit - _first;

    /// <summary>Whether a list has been visited, or another thread does that.</summary>
    public bool IsVisited(int list) => _visits[list] >= _first;

    /// <summary>Notes a visit.</summary>
    public void Visit(int list) => _visits[list] = _visit++;

    /// <summary>Leaves a list to another thread.</summary>
    public void Leave(int list)
    {
        _visits[list] = Elsewhere;
        _isDivided = true;
    }

    /// <summary>Notes the upper bounds of rows of the list visited last.</summary>
    /// <param name="estimates">The estimated ranks of the rows.</param>
    /// <param name="lowers">Their lower bounds, as many.</param>
    public void Add(ReadOnlySpan<float> estimates, ReadOnlySpan<float> lowers) =>
        UpperBounds.Offer(_nearest, estimates, lowers, _visit);

    /// <summary>
    /// The share of the nearest rows that lists not visited are expected to hold. What part of the
    /// rows of a list is near falls with the rank of its centroid, by some factor for each unit:
    /// the rows found in the first and in the later half of the visits determine it.
    /// </summary>
    /// <param name="terms">
    /// The ranks of the centroids of all lists, or estimates; room for whole registers.
    /// </param>
    /// <param name="sizes">The rows of all lists, and zeros to the end of a register.</param>
    public float MissingShare(ReadOnlySpan<float> terms, ReadOnlySpan<float> sizes)
    {
        if (VisitCount < 2)
        {
            return 0;
        }

        int middle = _first + ((VisitCount + 1) / 2);
        (float earlyCount, float lateCount) = CountFound(middle);
        (float earlyRows, float earlyTerm) = MeanOf(terms, sizes, _first, middle);
        (float lateRows, float lateTerm) = MeanOf(terms, sizes, middle, _visit);
        float decay = MathF.Log((earlyCount + Half) * lateRows / ((lateCount + Half) * earlyRows))
            / (lateTerm - earlyTerm);
        decay = decay > 0 && float.IsFinite(decay) ? decay : 0;
        float rest = RestOf(terms, sizes, lateTerm, decay);
        float expected = rest * (lateCount + Quarter) / lateRows;
        return expected / (expected + _nearest.Count);
    }

    private (float Early, float Late) CountFound(int middle)
    {
        int early = 0;
        int late = 0;
        foreach (Candidate row in _nearest.Items)
        {
            late += row.Id > middle ? 1 : 0;
            early += row.Id > _first && row.Id <= middle ? 1 : 0;
        }

        return (early, late);
    }

    /// <summary>
    /// The rows of the lists of some visits, and the mean rank of their centroids.
    /// </summary>
    private (float Rows, float Term) MeanOf(
        ReadOnlySpan<float> terms, ReadOnlySpan<float> sizes, int begin, int end)
    {
        Vector512<float> rows = default;
        Vector512<float> sum = default;
        for (int i = 0; i < sizes.Length; i += Vector512<float>.Count)
        {
            Vector512<int> visits = Vector512.Create(_visits.AsSpan(i));
            Vector512<float> isOne = (Vector512.GreaterThanOrEqual(visits, Vector512.Create(begin))
                & Vector512.LessThan(visits, Vector512.Create(end))).AsSingle();
            Vector512<float> count = Vector512.Create(sizes[i..]) & isOne;
            rows += count;
            sum += count * (Vector512.Create(terms[i..]) & isOne);
        }

        float all = Vector512.Sum(rows);
        return (all, Vector512.Sum(sum) / all);
    }

    /// <summary>
    /// The rows of the lists that have not been visited, each weighed by how much less of them is
    /// near than at a rank.
    /// </summary>
    private float RestOf(
        ReadOnlySpan<float> terms, ReadOnlySpan<float> sizes, float term, float decay)
    {
        Vector512<float> sum = default;
        for (int i = 0; i < sizes.Length; i += Vector512<float>.Count)
        {
            Vector512<float> isLeft = Vector512.LessThan(
                Vector512.Create(_visits.AsSpan(i)), Vector512.Create(_first)).AsSingle();
            Vector512<float> count = Vector512.Create(sizes[i..]) & isLeft;
            Vector512<float> farther = Vector512.Create(terms[i..]) - Vector512.Create(term);
            Vector512<float> weight = Vector512.Exp(
                Vector512.Min(farther * -decay, Vector512<float>.Zero));
            sum += Vector512.ConditionalSelect(
                Vector512.GreaterThan(count, Vector512<float>.Zero),
                count * weight,
                Vector512<float>.Zero);
        }

        return Vector512.Sum(sum);
    }
}
