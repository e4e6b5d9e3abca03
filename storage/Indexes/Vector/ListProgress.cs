using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// Which lists of a part a search has visited, and when it found the rows that seem nearest: where
/// many of them came late, others are still to come, whatever calibration said. So queries unlike
/// all that were calibrated for go farther than others. One search at a time owns it.
/// </summary>
internal sealed class ListProgress
{
    // So many rows tell, even where fewer are wanted.
    private const int CountMin = 10;

    private TopKHeap _nearest = new(0);
    private int[] _visits = [];
    private int _visit;
    private int _first;

    /// <summary>Begins a search for so many rows.</summary>
    public void Clear(int k)
    {
        int count = Math.Max(k, CountMin);
        if (_nearest.Capacity != count)
        {
            _nearest = new TopKHeap(count);
        }

        _nearest.Clear();
    }

    /// <summary>Begins a part of so many lists.</summary>
    public void Begin(int listCount)
    {
        if (_visits.Length < listCount || _visit > int.MaxValue / 2)
        {
            _visits = new int[listCount];
            _visit = 0;
        }

        _first = ++_visit;
    }

    /// <summary>Whether a list has been visited.</summary>
    public bool IsVisited(int list) => _visits[list] >= _first;

    /// <summary>Notes a visit.</summary>
    public void Visit(int list) => _visits[list] = _visit++;

    /// <summary>Notes a row of the list visited last, by its estimated rank.</summary>
    public void Add(float estimate) => _nearest.TryAdd(estimate, _visit);

    /// <summary>
    /// Whether so many of the nearest rows were found in the later half of the visits that more
    /// are missing than a recall allows: where visits to half of the lists left a share s to be
    /// found by the others, about s^2 is left when all have been visited.
    /// </summary>
    public bool IsUnsettled(double targetRecall)
    {
        int middle = _first + ((_visit - _first + 1) / 2);
        int late = 0;
        foreach (Candidate row in _nearest.Items)
        {
            late += row.Id > middle ? 1 : 0;
        }

        return late > _nearest.Count * Math.Sqrt(1 - targetRecall);
    }
}
