using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// Rows that a search compared and that were, at that time, no farther than the k-th best as far as
/// single precision tells. Those that it does not tell from the k-th best of the end are compared
/// once more in double precision. One search at a time owns it.
/// </summary>
internal sealed class NearTies
{
    // Of a rank, and of the terms that it is a difference of: what sums may be off by.
    private const float RoundingShare = 2e-6f;

    private readonly List<(VectorRows Rows, long FirstId)> _ranges = [];
    private readonly List<Candidate> _rows = [];
    private float _termRounding;

    /// <summary>Takes how large the terms are that ranks are differences of.</summary>
    public void SetTerms(double size) => _termRounding = (float)(RoundingShare * size);

    /// <summary>Takes note of rows that are compared next, with their first number.</summary>
    public void Begin(VectorRows rows, long firstId)
    {
        if (_ranges.Count == 0 || _ranges[^1] != (rows, firstId))
        {
            _ranges.Add((rows, firstId));
        }
    }

    /// <summary>
    /// Takes note of a row if single precision does not tell that it is farther than a rank.
    /// </summary>
    public void Add(float rank, long id, float threshold)
    {
        if (rank <= threshold + RoundingOf(threshold))
        {
            _rows.Add(new Candidate(rank, id));
        }
    }

    /// <summary>Takes what another search has.</summary>
    public void Join(NearTies other)
    {
        _ranges.AddRange(other._ranges);
        _rows.AddRange(other._rows);
        _termRounding = Math.Max(_termRounding, other._termRounding);
    }

    /// <summary>
    /// Puts into a full heap the nearest in double precision of those rows that single precision
    /// does not tell from the last one. They keep their ranks, which compare with those of scans.
    /// </summary>
    public void Settle(TopKHeap heap, VectorQuery query)
    {
        float last = heap.Threshold;
        float rounding = RoundingOf(last);
        Candidate[] before = [.. heap.Items];
        int inside = before.Count(IsNear);
        Candidate[] near = [.. _rows.Where(IsNear).DistinctBy(static row => row.Id)];
        if (near.Length <= inside)
        {
            return;
        }

        IEnumerable<Candidate> nearest = near
            .OrderBy(row => RankOf(row.Id, query)).ThenBy(static row => row.Id)
            .Take(inside);
        Candidate[] chosen = [.. before.Where(row => !IsNear(row)), .. nearest];
        heap.Clear();
        foreach (Candidate row in chosen)
        {
            heap.TryAdd(row);
        }

        bool IsNear(Candidate row) => Math.Abs(row.Distance - last) <= rounding;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _ranges.Clear();
        _rows.Clear();
        _termRounding = 0;
    }

    private float RoundingOf(float rank) => (RoundingShare * MathF.Abs(rank)) + _termRounding;

    private double RankOf(long id, VectorQuery query)
    {
        foreach ((VectorRows rows, long firstId) in _ranges)
        {
            if (id >= firstId && id - firstId < rows.Count)
            {
                return rows.RankDouble((int)(id - firstId), query);
            }
        }

        throw Invariant.Broken("a row of those that were compared");
    }
}
