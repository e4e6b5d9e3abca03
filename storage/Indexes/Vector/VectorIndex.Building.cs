namespace NeuroDb.Storage;

/// <summary>How parts are made: of what is known of their rows, or from nothing.</summary>
internal sealed partial class VectorIndex
{
    // What a range has is copied when rows are added to it, which costs little.
    private const int MergeFactor = 8;

    // Of so few known rows lists are better made anew.
    private const int InheritedShareMin = 8;

    // So many times the rows for which its dial was found, a part gets another one in any case;
    // where so large a share of its rows is new, gone or in another list, if that does not hold.
    private const double CalibrationGrowth = 2;
    private const double CheckedShare = 0.2;

    // What is known since now of so many of the rows need not be measured again.
    private const double FreshShare = 0.8;

    /// <summary>What parts of later segments may take over from those of now.</summary>
    private IEnumerable<VectorAncestor> AncestorsOf(TableSnapshot snapshot)
    {
        for (int i = 0; i < snapshot.PartCount; i++)
        {
            RowPart rows = snapshot.PartAt(i).Rows;
            foreach (IndexedRange range in Find(rows)?.Ranges ?? [])
            {
                yield return new VectorAncestor(rows, range);
            }
        }
    }

    private IndexedRange OfSegment(SealedRows segment, CancellationToken cancellation)
    {
        var rows = new SegmentVectorRows(segment.File, Ordinal, _type);
        VectorPart? part = _host.Store?.Load(segment.File, _indexId, Options, rows);
        if (part is null)
        {
            part = Make(Inherit(segment, rows, cancellation), rows, cancellation);
            _host.Store?.Save(segment.File, _indexId, Options, part);
        }

        return new IndexedRange(0, segment.File.ChunkCount, part, rows);
    }

    /// <summary>The part of a segment out of one that knows most of its rows.</summary>
    private VectorPart? Inherit(
        SealedRows segment, VectorRows rows, CancellationToken cancellation)
    {
        VectorAncestor? best = null;
        int[] places = [];
        int sharedMost = (int)(segment.RowCount / InheritedShareMin);
        foreach (VectorAncestor known in _ancestors)
        {
            int[] there = known.PlacesIn(segment, out int shared);
            if (shared > sharedMost)
            {
                (best, places, sharedMost) = (known, there, shared);
            }
        }

        return best is null ? null : Extend(best.Part, places, rows, cancellation);
    }

    private IndexedRange OfDelta(
        RowDelta delta, long begun, PartIndexes indexes, CancellationToken cancellation)
    {
        int end = (int)(begun / Limits.ChunkRowCount);
        int first = indexes.EndChunk;
        foreach (IndexedRange known in indexes.Ranges.Reverse())
        {
            if (known.ChunkCount > MergeFactor * (end - first))
            {
                break;
            }

            first = known.FirstChunk;
        }

        var rows = new DeltaVectorRows(delta, Ordinal, first, end - first, _type);
        IndexedRange? grown = indexes.Ranges.FirstOrDefault(known => known.FirstChunk == first);
        VectorPart? extended = grown is null
            ? null
            : Extend(grown.Part, null, rows, cancellation);
        return new IndexedRange(
            first, end - first, Make(extended, rows, cancellation), rows);
    }

    private VectorPart? Extend(
        VectorPart known, int[]? places, VectorRows rows, CancellationToken cancellation) =>
        VectorPartExtender.TryExtend(
            _host.Workers, known, places, rows, Options, cancellation);

    /// <summary>A part with its dial, of what was taken over or from nothing.</summary>
    private VectorPart Make(
        VectorPart? extended, VectorRows rows, CancellationToken cancellation)
    {
        VectorPart part = extended
            ?? VectorPartBuilder.Build(_host.Workers, rows, Options, cancellation);
        IWorkers workers = _host.Workers;
        double target = Options.TargetRecall;
        bool isKnown = part.RowCount < CalibrationGrowth * part.CalibratedRowCount;
        if (isKnown && part.UncheckedRowCount < CheckedShare * part.RowCount)
        {
            return part;
        }

        VectorPart? known = isKnown
            ? VectorCalibrator.TryCheck(
                workers, part, rows, target, Options.Seed, cancellation)
            : null;
        return known ?? VectorCalibrator.Calibrate(
            workers, part, rows, target, Options.Seed, cancellation);
    }
}
