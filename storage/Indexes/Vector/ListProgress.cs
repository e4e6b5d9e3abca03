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

    // Of fewer rows than wanted; else those of the search tell.
    private readonly TopKHeap _few = new(CountMin);
    private TopKHeap _nearest;
    private int[] _visits = [];
    private int _visit;
    private int _first;

    /// <summary>Knows of no search.</summary>
    public ListProgress() => _nearest = _few;

    /// <summary>Begins a search whose nearest rows, by upper bounds, a heap keeps.</summary>
    public void Clear(TopKHeap uppers)
    {
        _few.Clear();
        _nearest = uppers.Capacity < CountMin ? _few : uppers;
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

    /// <summary>How many lists of the part have been visited.</summary>
    public int VisitCount => _visit - _first;

    /// <summary>Whether a list has been visited.</summary>
    public bool IsVisited(int list) => _visits[list] >= _first;

    /// <summary>Notes a visit.</summary>
    public void Visit(int list) => _visits[list] = _visit++;

    /// <summary>Notes the upper bounds of rows of the list visited last.</summary>
    /// <param name="uppers">The heap of the search.</param>
    /// <param name="estimates">The estimated ranks of the rows.</param>
    /// <param name="lowers">Their lower bounds, as many.</param>
    public void Add(
        TopKHeap uppers, ReadOnlySpan<float> estimates, ReadOnlySpan<float> lowers)
    {
        UpperBounds.Offer(uppers, estimates, lowers, _visit);
        if (!ReferenceEquals(uppers, _nearest))
        {
            UpperBounds.Offer(_nearest, estimates, lowers, _visit);
        }
    }

    /// <summary>
    /// Whether so many of the nearest rows were found in the later half of the visits that more
    /// are missing than a recall allows: where visits to half of the lists left a share s to be
    /// found by the others, about s^2 is left when all have been visited. Few rows tell little, so
    /// it takes a standard deviation more of them than is expected, unless the query is unlike
    /// rows.
    /// </summary>
    public bool IsUnsettled(double targetRecall, bool isUnlike)
    {
        int middle = _first + ((_visit - _first + 1) / 2);
        int late = 0;
        foreach (Candidate row in _nearest.Items)
        {
            late += row.Id > middle ? 1 : 0;
        }

        double expected = _nearest.Count * Math.Sqrt(1 - targetRecall);
        return late > expected + (isUnlike ? 0 : Math.Sqrt(expected));
    }
}
