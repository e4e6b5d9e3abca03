using System.Numerics;
using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The exact search through a column of floats. Large columns that are looked through again and
/// again get a copy in bytes, chunk by chunk, and from then on most of their floats are not read.
/// </summary>
internal sealed class FloatScan(
    Metric metric, ReadOnlyMemory<float> query, int k, ExecutionContext context)
{
    private const long CopiedSizeBytesMin = 32L << 20;
    private const int CopiedDimensionMin = 32;
    private const int CopiedCountMax = 256;
    private const int CopiedChunksAtOnce = 32;

    // Where so few rows pass, the floats of these are read as fast.
    private const double PassingShareMin = 0.25;

    /// <summary>The rows that were read as bytes.</summary>
    public long ByteRowCount { get; private set; }

    /// <summary>How many of them were then compared as floats.</summary>
    public long ComparedRowCount { get; private set; }

    /// <summary>The closest rows of some pieces in their order.</summary>
    public Candidate[] Run(IReadOnlyList<VectorPiece> pieces)
    {
        var scaled = new List<(VectorPiece Piece, ScaledVectors Codes)>();
        var others = new List<VectorPiece>();
        Divide(pieces, scaled, others);
        if (scaled.Count == 0 || scaled[0].Codes.IsPoor)
        {
            return Plain(pieces);
        }

        var scan = new ScaledScan(context.Workers, metric, query, k, context.Cancellation);
        Candidate[]? best = scan.Run(scaled);
        scaled[0].Codes.NoteUse(best is not null);
        ByteRowCount += scaled.Sum(static item => (long)item.Piece.Count);
        ComparedRowCount += scan.ComparedCount;
        if (best is null)
        {
            return Plain(pieces);
        }

        if (others.Count > 0)
        {
            best = [.. best, .. Plain(others)];
            Array.Sort(best);
        }

        return best.Length > k ? best[..k] : best;
    }

    private Candidate[] Plain(IReadOnlyList<VectorPiece> pieces)
    {
        (Accelerator device, _) = context.Accelerator;
        VectorBlock[] blocks = [.. pieces.Select(BlockOf)];
        if (device.Kind == AcceleratorKind.Cpu)
        {
            return OnProcessor(blocks);
        }

        long size = pieces.Sum(static piece => (long)piece.Count * piece.Store.StrideBytes);
        AcceleratorCosts? costs = context.Accelerator.Costs;
        bool isForDevice = costs is null || costs.IsForDevice(size);
        long start = context.Clock.GetTimestamp();
        Candidate[] best = isForDevice ? OnDevice(device, blocks) : OnProcessor(blocks);
        costs?.Note(isForDevice, size, context.Clock.GetElapsedTime(start));
        return best;
    }

    /// <summary>
    /// What a device cannot do, the processor does: the answer is right all the same, and a scan
    /// that failed counts as a slow one of the device.
    /// </summary>
    private Candidate[] OnDevice(Accelerator device, VectorBlock[] blocks)
    {
        try
        {
            return device.Scan(new ScanQuery(metric, query, k), blocks, context.Cancellation);
        }
        catch (DeviceFailureException failure)
        {
            context.Notices.Add(
                $"The processor scanned the vectors: {device.Name} failed ({failure.Message}).");
            return OnProcessor(blocks);
        }
    }

    private Candidate[] OnProcessor(VectorBlock[] blocks) => ParallelScan.Run(
        context.Workers,
        metric,
        query,
        k,
        Array.ConvertAll(blocks, static block => block.Elements),
        context.Cancellation);

    private static VectorBlock BlockOf(VectorPiece piece)
    {
        var store = (FloatVectorStore)piece.Store;
        return new VectorBlock(
            store.RowsOf(piece.Count), piece.Count, store.Stride, piece.FirstId, piece.Mask,
            piece.Version);
    }

    private void Divide(
        IReadOnlyList<VectorPiece> pieces,
        List<(VectorPiece Piece, ScaledVectors Codes)> scaled,
        List<VectorPiece> others)
    {
        long size = pieces.Sum(static piece => (long)piece.Count * piece.Store.StrideBytes);
        bool isWorth = size >= CopiedSizeBytesMin && query.Length >= CopiedDimensionMin
            && k is > 0 and <= CopiedCountMax && ScaledScan.IsFor(metric)
            && context.Accelerator.Accelerator.Kind == AcceleratorKind.Cpu;
        var wanted = new List<VectorPiece>();
        foreach (VectorPiece piece in pieces)
        {
            if (isWorth && piece.IsSettled && PassingShareOf(piece) >= PassingShareMin)
            {
                var store = (FloatVectorStore)piece.Store;
                if (store.Scaled is null && wanted.Count < CopiedChunksAtOnce
                    && store.CountScan())
                {
                    wanted.Add(piece);
                }
            }
        }

        context.Workers.ForEach(
            wanted.Count, i => ((FloatVectorStore)wanted[i].Store).Scale(wanted[i].Count));
        foreach (VectorPiece piece in pieces)
        {
            if (isWorth && piece.IsSettled && ((FloatVectorStore)piece.Store).Scaled is { } codes
                && PassingShareOf(piece) >= PassingShareMin)
            {
                scaled.Add((piece, codes));
            }
            else
            {
                others.Add(piece);
            }
        }
    }

    private static double PassingShareOf(in VectorPiece piece)
    {
        if (piece.Mask.Length == 0)
        {
            return 1;
        }

        long passing = 0;
        foreach (ulong word in piece.Mask)
        {
            passing += BitOperations.PopCount(word);
        }

        return (double)passing / piece.Count;
    }
}
