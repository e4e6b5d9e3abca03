using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// Centroids in signed bytes, to find out at a quarter of the cost of floats which of them are near
/// a query; where they are many, also as codes of 1 bit around their mean, whose bounds say which
/// of them are worth the bytes.
/// </summary>
/// <remarks>
/// Centroids and queries are seen from the mean of the centroids, so that what is common to all
/// vectors takes no bits. All elements are divided by one step, so that the largest becomes 127.
/// With c' = c - mean and q' = q - mean the rank is |c'|^2 - 2 dot(c', q') + |q'|^2, or minus the
/// sum of dot(c', q') and dot(c + q - mean, mean), where only dot(c', q') is rounded: its error is
/// about |q'| |c'| / 127. Shapes: centroids (count, dimension), query (dimension), ranks (count).
/// Immutable.
/// </remarks>
internal sealed unsafe class CoarseCentroids
{
    /// <summary>From this many centroids on there are codes.</summary>
    public const int CodedCountMin = 128;

    private const float LevelMax = 127;
    private readonly ReadOnlyMemory<sbyte> _vectors;
    private readonly ReadOnlyMemory<byte> _codes;
    private readonly float[] _mean;

    // Of each centroid the rank of a query that is the mean, which is exact.
    private readonly float[] _terms;
    private readonly Metric _metric;
    private readonly CentroidSet _centroids;
    private readonly float _step;
    private float _squaredNormMax;

    /// <summary>Takes the levels of centroids that are ranked by a metric.</summary>
    public CoarseCentroids(Metric metric, CentroidSet centroids)
    {
        Invariant.Check(centroids.Dimension % RandomRotation.Multiple == 0);
        Invariant.Check(metric is Metric.L2 or Metric.InnerProduct, "normalise for cosine");
        _metric = metric;
        _centroids = centroids;
        _mean = VectorSum.Mean(centroids.Vectors, centroids.Dimension);
        _terms = new float[centroids.Count];
        float[] moved = Move();
        _step = StepOf(moved);
        Memory<sbyte> vectors = AlignedMemory.Allocate<sbyte>(moved.Length);
        Quantize(moved, _step, vectors.Span);
        _vectors = vectors;
        if (centroids.Count >= CodedCountMin)
        {
            _codes = Encode();
        }
    }

    /// <summary>The mean of the centroids.</summary>
    public ReadOnlySpan<float> Mean => _mean;

    /// <summary>Whether there are codes.</summary>
    public bool IsCoded => !_codes.IsEmpty;

    /// <summary>What one level stands for.</summary>
    public float Step => _step;

    /// <summary>Bytes in memory.</summary>
    public long SizeBytes => _vectors.Length + _codes.Length
        + ((long)(_mean.Length + _terms.Length) * sizeof(float));

    /// <summary>
    /// Writes estimates of the ranks of all centroids, and bounds below them; room is needed for
    /// whole blocks.
    /// </summary>
    public void Bound(
        FastScanQuery tables, ReadOnlySpan<float> query, float confidence,
        Span<float> estimates, Span<float> lowers)
    {
        const int Rows = CodeBlock.RowCount;
        int codeSize = tables.Tables.Length;
        int blockSize = CodeBlock.WithFactorsSizeBytes(1, _centroids.Dimension);
        float squared = SquaredEuclidean.Compute(query, _mean);
        float term = _metric == Metric.L2 ? squared : -Dot.Compute(query, _mean);
        var probe = new ListProbe(term, MathF.Sqrt(squared), confidence);
        for (int i = 0; i * Rows < _centroids.Count; i++)
        {
            ReadOnlySpan<byte> block = _codes.Span.Slice(i * blockSize, blockSize);
            FastScan.Filter(
                tables,
                probe,
                block[..codeSize],
                MemoryMarshal.Cast<byte, float>(block[codeSize..]),
                float.PositiveInfinity,
                ~0u,
                new BlockRanks(estimates.Slice(i * Rows, Rows), lowers.Slice(i * Rows, Rows)));
        }
    }

    /// <summary>The ranks of all centroids.</summary>
    public void Rank(CoarseQuery query, Span<float> ranks)
    {
        int dimension = _centroids.Dimension;
        Invariant.Check(
            query.Levels.Length == dimension && ranks.Length >= _centroids.Count);
        fixed (sbyte* rows = _vectors.Span, start = query.Levels)
        fixed (float* products = ranks)
        {
            var action = new RowProductAction(
                (byte*)rows, _centroids.Count, dimension, (byte*)start, products);
            ElementDispatch.Run<sbyte, sbyte, RowProductAction>(VectorWidths.Widest, ref action);
        }

        for (int i = 0; i < _centroids.Count; i++)
        {
            ranks[i] = RankOf(query, i, ranks[i]);
        }
    }

    /// <summary>The ranks of some centroids.</summary>
    public void Rank(CoarseQuery query, ReadOnlySpan<int> picked, Span<float> ranks)
    {
        int dimension = _centroids.Dimension;
        Invariant.Check(query.Levels.Length == dimension && ranks.Length == picked.Length);
        fixed (sbyte* rows = _vectors.Span, start = query.Levels)
        {
            var action = new PickedProductAction(
                (byte*)rows, picked, dimension, (byte*)start, ranks);
            ElementDispatch.Run<sbyte, sbyte, PickedProductAction>(
                VectorWidths.Widest, ref action);
        }

        for (int i = 0; i < picked.Length; i++)
        {
            ranks[i] = RankOf(query, picked[i], ranks[i]);
        }
    }

    /// <summary>
    /// A bound of the standard deviation of the errors of ranks, which both roundings make.
    /// </summary>
    public float DeviationOf(CoarseQuery query)
    {
        // A rounding is spread evenly over a step, so its variance is a twelfth of its square.
        float variance = ((query.Step * query.Step * _squaredNormMax)
            + (_step * _step * query.SquaredNorm)) / 12;
        return (_metric == Metric.InnerProduct ? 1 : 2) * MathF.Sqrt(variance);
    }

    private float RankOf(CoarseQuery query, int index, float product)
    {
        float scaled = query.Step * _step * product;
        return _metric == Metric.InnerProduct
            ? _terms[index] - query.MeanProduct - scaled
            : _terms[index] + query.SquaredNorm - (2 * scaled);
    }

    /// <summary>The centroids as they are seen from their mean; sets what goes with it.</summary>
    private float[] Move()
    {
        int dimension = _centroids.Dimension;
        var moved = new float[_centroids.Vectors.Length];
        float squaredMean = Norm.ComputeSquared(_mean);
        for (int i = 0; i < _centroids.Count; i++)
        {
            ReadOnlySpan<float> centroid = _centroids.Centroid(i);
            Span<float> target = moved.AsSpan(i * dimension, dimension);
            VectorShift.Subtract(centroid, _mean, target);
            float squared = Norm.ComputeSquared(target);
            _squaredNormMax = Math.Max(_squaredNormMax, squared);
            _terms[i] = _metric == Metric.InnerProduct
                ? squaredMean - Dot.Compute(centroid, _mean)
                : squared;
        }

        return moved;
    }

    private Memory<byte> Encode()
    {
        int dimension = _centroids.Dimension;
        int codeSize = CodeBlock.SizeBytes(1, dimension);
        int blockSize = CodeBlock.WithFactorsSizeBytes(1, dimension);
        Memory<byte> blocks = AlignedMemory.Allocate<byte>(
            ListBlocks.CountOf(_centroids.Count) * blockSize);
        var code = new byte[ResidualCode.SizeBytes(1, dimension)];
        for (int i = 0; i < _centroids.Count; i++)
        {
            CodeFactors factors = ResidualCode.Encode(
                1, _metric, _centroids.Centroid(i), _mean, code);
            Span<byte> block =
                blocks.Span.Slice(i / CodeBlock.RowCount * blockSize, blockSize);
            CodeBlock.Write(1, code, block[..codeSize], i % CodeBlock.RowCount);
            CodeBlock.WriteFactors(
                factors,
                MemoryMarshal.Cast<byte, float>(block[codeSize..]),
                i % CodeBlock.RowCount);
        }

        return blocks;
    }

    /// <summary>The step by which the largest element is the highest level.</summary>
    /// <remarks>Lengths are multiples of 16, as dimensions of rotated vectors are.</remarks>
    public static float StepOf(ReadOnlySpan<float> vectors)
    {
        Vector512<float> largest = default;
        foreach (Vector512<float> part in MemoryMarshal.Cast<float, Vector512<float>>(vectors))
        {
            largest = Vector512.Max(largest, Vector512.Abs(part));
        }

        float step = 0;
        for (int i = 0; i < Vector512<float>.Count; i++)
        {
            step = Math.Max(step, largest[i]);
        }

        return step / LevelMax;
    }

    /// <summary>The elements by steps.</summary>
    public static void Quantize(ReadOnlySpan<float> vectors, float step, Span<sbyte> levels)
    {
        float inverse = step > 0 ? 1 / step : 0;
        ReadOnlySpan<Vector512<float>> parts =
            MemoryMarshal.Cast<float, Vector512<float>>(vectors);
        for (int i = 0; i < parts.Length; i++)
        {
            Vector512<int> whole = Vector512.ConvertToInt32(Vector512.Round(parts[i] * inverse));
            Vector256<short> words = Vector256.Narrow(whole.GetLower(), whole.GetUpper());
            Vector128.Narrow(words.GetLower(), words.GetUpper()).CopyTo(levels[(i * 16)..]);
        }
    }
}
