using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>How rows that codes leave in the running are compared.</summary>
internal sealed partial class VectorSearch
{
    // A row is lost to such bounds once in thirty thousand times.
    private const float ConfidenceAgain = 4;

    // Of a rank: what single precision may be off by.
    private const float RoundingShare = 1e-5f;

    /// <summary>
    /// Whether the k-th best row is farther than the k-th lowest upper bound says. Where the errors
    /// of codes are large beside the differences of ranks, as of a query far from all rows, some of
    /// many bounds do not hold, and the lowest are those.
    /// </summary>
    private bool IsRefuted()
    {
        float found = Memory.Rotated.CodeRankOf(Heap.Threshold);
        return _hits is null && !_isRefuted && Heap.Count == Heap.Capacity
            && found - _uppers.Threshold > RoundingShare * MathF.Abs(found);
    }

    /// <summary>
    /// Scans the lists visited again, or all, with more confidence, and leaves rows out by
    /// comparisons only.
    /// </summary>
    private void Repeat(
        VectorPart part, VectorRows rows, long firstId, CandidateFilter? filter, VectorDial dial,
        bool isAll)
    {
        float confidence = Math.Max(ConfidenceAgain, dial.Confidence);
        _isRefuted = true;
        _found = new HashSet<long>(Heap.Count);
        foreach (Candidate row in Heap.Items)
        {
            _found.Add(row.Id);
        }

        for (int i = 0; i < part.ListCount; i++)
        {
            if (IsShared(i) && (isAll || Memory.Progress.IsVisited(i)))
            {
                Scan(part, i, float.PositiveInfinity, filter, confidence);
            }
        }

        RankPending(part, rows, firstId);
        _found = null;
    }

    /// <summary>
    /// Visits the list in which the query would be, were it a row, unless that is done: under the
    /// inner product it is another than the first, and holds the rows that are like the query.
    /// What is calibrated does not count on it, since the length of a query changes it, but no
    /// order.
    /// </summary>
    private void VisitHome(VectorPart part, CandidateFilter? filter, VectorDial dial)
    {
        if (part.CodeMetric == Metric.InnerProduct && part.ListCount > 0 && Visits is null)
        {
            int home = Memory.Probe.HomeOf(Memory.Rotated.Scale);
            if (!Memory.Progress.IsVisited(home))
            {
                Memory.Progress.Visit(home);
                Scan(part, home, float.NaN, filter, dial.ConfidenceFor(Selectivity));
            }
        }
    }

    /// <summary>Compares some rows exactly.</summary>
    public void RankAll(
        ReadOnlySpan<int> ordinals, VectorRows rows, long firstId, CandidateFilter? filter)
    {
        Memory.Ties.Begin(rows, firstId);
        foreach (int ordinal in ordinals)
        {
            if (filter is null || filter.Passes(ordinal))
            {
                Rank(rows, ordinal, firstId);
            }
        }
    }

    /// <summary>
    /// Compares what is pending: first the rows with the best estimates, then of the others those
    /// that the bound which these have set does not leave out.
    /// </summary>
    private void RankPending(VectorPart part, VectorRows rows, long firstId)
    {
        PendingCandidates pending = Memory.Pending;
        pending.Drop(Threshold, 0);
        pending.PrefetchOrdinals(part);
        int first = pending.PutBestFirst(Math.Min(Heap.Capacity, FirstFewMax));
        pending.FindOrdinals(part);
        RankPending(rows, firstId, 0, first);
        pending.Drop(Threshold, first);
        RankPending(rows, firstId, first, pending.Count);
        pending.Clear();
    }

    /// <summary>Compares some of them. A row is asked for some rows before it is read.</summary>
    private void RankPending(VectorRows rows, long firstId, int begin, int end)
    {
        ReadOnlySpan<int> ordinals = Memory.Pending.Ordinals[..end];
        ReadOnlySpan<float> lowers = Memory.Pending.Lowers;
        int ahead = Math.Clamp(AheadSizeBytes / rows.RowSizeBytes, RowsAheadMin, RowsAheadMax);
        for (int i = begin; i < Math.Min(begin + ahead, ordinals.Length); i++)
        {
            rows.Prefetch(ordinals[i]);
        }

        for (int i = begin; i < ordinals.Length; i++)
        {
            float threshold = Threshold;
            if (i + ahead < ordinals.Length && !(lowers[i + ahead] > threshold))
            {
                rows.Prefetch(ordinals[i + ahead]);
            }

            if (!(lowers[i] > threshold))
            {
                Rank(rows, ordinals[i], firstId);
            }
        }
    }

    private void Rank(VectorRows rows, int ordinal, long firstId)
    {
        if (_found?.Contains(firstId + ordinal) == true)
        {
            return;
        }

        float rank = rows.Rank(ordinal, Memory.Query);
        if (_hits is null)
        {
            Memory.Ties.Add(rank, firstId + ordinal, Heap.Threshold);
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
