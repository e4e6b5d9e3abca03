using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>How a search tells that it has to go farther than calibration found.</summary>
internal sealed partial class VectorSearch
{
    // So little of a row seems to be missing where nothing is.
    private const double MissingRows = 0.05;

    // Few rows found tell less surely: what seems to be missing is more than what is.
    private const double FewPower = 0.8;
    private const float FewMissingMax = 0.16f;
    private const float ManyMissingMax = 0.1f;

    // Beyond, no list has a row that is nearer than the last of those wanted: see VectorProbe.
    private const float CertainReach = 1;

    /// <summary>
    /// Whether more of the nearest rows seem to be in other lists than for what was calibrated for;
    /// where that was so once, than a recall allows. Queries by the inner product are seldom like
    /// the rows. Of one list nothing is known about the others: a second one is looked for, as far
    /// as rows may lie that are nearer than those found.
    /// </summary>
    private bool IsUnsettled(VectorPart part, VectorDial dial, float reach)
    {
        if (float.IsPositiveInfinity(dial.MissingMax))
        {
            return false;
        }

        if (_shareCount == 1 && Memory.Progress.VisitCount < 2)
        {
            return reach < CertainReach;
        }

        float missing = Memory.Progress.MissingShare(Memory.Probe.Estimates, part.ListSizes);
        bool isFirst = float.IsNaN(MissingShare);
        MissingShare = isFirst ? missing : MissingShare;
        bool isFew = Heap.Capacity < VectorDial.MiddleCount;
        double allowed = Math.Pow(1 - part.TargetRecall, isFew ? FewPower : 1)
            + (MissingRows / Math.Max(VectorDial.NearCount, Heap.Capacity));
        double usual = Math.Min(dial.MissingMax, isFew ? FewMissingMax : ManyMissingMax);
        return missing > (isFirst && Metric != Metric.InnerProduct ? usual : allowed);
    }

    /// <summary>
    /// Whether the query lies to the rows as none of them does. Of parts one after the other, and
    /// of threads that share the lists, rows are the best of those seen so far.
    /// </summary>
    private bool IsForeign(VectorPart part, VectorDial dial)
    {
        if (dial.Usual is not { } usual || _hits is not null || part.ListCount == 0
            || Heap.Count < Heap.Capacity)
        {
            return false;
        }

        double nearest = double.PositiveInfinity;
        foreach (Candidate row in Heap.Items)
        {
            nearest = Math.Min(nearest, row.Distance);
        }

        return !usual.Hold(
            Heap.Capacity, _shareCount * part.RowCount / (Selectivity * _rowCount),
            DistancesIn(part, nearest, Heap.Threshold));
    }
}
