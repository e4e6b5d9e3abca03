using System.Runtime.InteropServices;
using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The exact search through floats at a quarter of their bytes: a scan of
/// <see cref="ScaledVectors"/> finds rows that may be among the k closest, and those are compared
/// as floats. The answer is that of the plain scan, or none: every row that was left out is
/// certainly farther than the k-th one found.
/// </summary>
/// <remarks>
/// The ranks of what is compared come from the same kernel as those of the plain scan, so ties fall
/// the same way. Bounds have room for the rounding of either kernel.
/// </remarks>
internal sealed class ScaledScan
{
    private const int Attempts = 2;
    private const int Growth = 8;
    private const int SpareFactor = 16;
    private const int SpareCount = 240;
    private const double Slack = 1e-5;
    private readonly IWorkers _workers;
    private readonly Metric _metric;
    private readonly ReadOnlyMemory<float> _query;
    private readonly int _k;
    private readonly double _norm;
    private readonly CancellationToken _cancellation;

    /// <summary>Prepares a search for the k rows closest to a vector.</summary>
    public ScaledScan(
        IWorkers workers,
        Metric metric,
        ReadOnlyMemory<float> query,
        int k,
        CancellationToken cancellation)
    {
        Invariant.Check(IsFor(metric) && k > 0);
        _workers = workers;
        _metric = metric;
        _query = query;
        _k = k;
        _norm = Math.Sqrt(query.Span.ToArray().Sum(static number => (double)number * number));
        _cancellation = cancellation;
    }

    /// <summary>Whether distances of a metric are bounded.</summary>
    public static bool IsFor(Metric metric) =>
        metric is Metric.L2 or Metric.Cosine or Metric.InnerProduct or Metric.L1;

    /// <summary>The rows that were compared as floats.</summary>
    public int ComparedCount { get; private set; }

    /// <summary>
    /// The closest rows of some pieces in their order; null if that is not certain.
    /// </summary>
    public Candidate[]? Run(IReadOnlyList<(VectorPiece Piece, ScaledVectors Codes)> pieces)
    {
        int wanted = (SpareFactor * _k) + SpareCount;
        for (int attempt = 0; attempt < Attempts; attempt++, wanted *= Growth)
        {
            double floor = double.PositiveInfinity;
            var ids = new List<long>();
            foreach (IGrouping<float, (VectorPiece Piece, ScaledVectors Codes)> group
                in pieces.GroupBy(static item => item.Codes.Scale))
            {
                floor = Math.Min(floor, Find([.. group], wanted, ids));
            }

            if (!(floor > double.NegativeInfinity))
            {
                return null;
            }

            Candidate[] best = Compare(pieces, ids);
            if (double.IsPositiveInfinity(floor)
                || (best.Length == _k && floor > WithSlack(best[^1].Distance, pieces)))
            {
                return best;
            }
        }

        return null;
    }

    // Adds the rows with the lowest estimates, and gives what the distances of all others exceed.
    private double Find(
        (VectorPiece Piece, ScaledVectors Codes)[] group, int wanted, List<long> ids)
    {
        float scale = group[0].Codes.Scale;
        var bytes = new sbyte[_query.Length];
        (double error, double absolute) = ScaledVectors.Round(scale, _query.Span, bytes);
        VectorBlock<sbyte>[] blocks = Array.ConvertAll(group, static item =>
            new VectorBlock<sbyte>(
                item.Codes.Rows,
                item.Piece.Count,
                item.Codes.Stride,
                item.Piece.FirstId,
                item.Piece.Mask));
        Candidate[] found = ParallelScan.Run<sbyte, sbyte>(
            _workers, _metric, bytes, wanted, blocks, _cancellation);
        ids.AddRange(found.Select(static candidate => candidate.Id));
        if (_metric == Metric.Cosine
            && !(group.Max(static item => item.Codes.RelativeErrorMax) < 0.5))
        {
            // A row may have no direction any more and yet be the closest.
            return double.NegativeInfinity;
        }

        return found.Length < wanted
            ? double.PositiveInfinity
            : LowerOf(found[^1].Distance, group, error, absolute);
    }

    private double LowerOf(
        double estimate,
        (VectorPiece Piece, ScaledVectors Codes)[] group,
        double error,
        double absolute)
    {
        double scale = group[0].Codes.Scale;
        double rowError = group.Max(static item => item.Codes.ErrorMax);
        switch (_metric)
        {
            case Metric.L2:
                return (estimate * scale * (1 - Slack)) - rowError - error;
            case Metric.L1:
                return (estimate * scale * (1 - Slack)) - absolute
                    - group.Max(static item => item.Codes.AbsoluteErrorMax);
            case Metric.InnerProduct:
                double length = group.Max(static item => item.Codes.NormMax);
                return (estimate * scale * scale) - (Slack * Math.Abs(estimate) * scale * scale)
                    - (_norm * rowError) - (length * error);
            default:
                double relative = group.Max(static item => item.Codes.RelativeErrorMax);
                if (!(error < _norm))
                {
                    return double.NegativeInfinity;
                }

                double angle = Math.Acos(Math.Clamp(1 - estimate + Slack, -1, 1))
                    - Math.Asin(relative) - Math.Asin(error / _norm);
                return 1 - Math.Cos(Math.Max(0, angle));
        }
    }

    // The distance that others must exceed for certain.
    private double WithSlack(
        double distance, IReadOnlyList<(VectorPiece Piece, ScaledVectors Codes)> pieces) =>
        distance + (Slack * (_metric switch
        {
            Metric.InnerProduct => _norm * pieces.Max(
                static item => item.Codes.NormMax + item.Codes.ErrorMax),
            Metric.Cosine => 1,
            _ => distance,
        }));

    private Candidate[] Compare(
        IReadOnlyList<(VectorPiece Piece, ScaledVectors Codes)> pieces, List<long> ids)
    {
        Dictionary<long, VectorPiece> byChunk = pieces.ToDictionary(
            static item => item.Piece.FirstId / Limits.ChunkRowCount,
            static item => item.Piece);
        var masks = new Dictionary<long, ulong[]>();
        foreach (long id in ids)
        {
            long chunk = id / Limits.ChunkRowCount;
            int row = (int)(id % Limits.ChunkRowCount);
            ref ulong[]? mask = ref CollectionsMarshal.GetValueRefOrAddDefault(
                masks, chunk, out _);
            mask ??= new ulong[(byChunk[chunk].Count + 63) / 64];
            mask[row >> 6] |= 1UL << row;
        }

        ComparedCount += ids.Count;
        VectorBlock<float>[] blocks = [.. masks.Select(item =>
        {
            VectorPiece piece = byChunk[item.Key];
            var store = (FloatVectorStore)piece.Store;
            return new VectorBlock<float>(
                store.RowsOf(piece.Count), piece.Count, store.Stride, piece.FirstId, item.Value);
        })];
        return ParallelScan.Run(_workers, _metric, _query, _k, blocks, _cancellation);
    }
}
