using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// Centroids in signed bytes, to find out at a quarter of the cost of floats which of them are near
/// a query; those are then compared as floats.
/// </summary>
/// <remarks>
/// All elements are divided by one step, so that the largest becomes 127. The rank is |c|^2 -
/// 2 dot(c, q) + |q|^2 or -dot(c, q), with the exact norm of the centroid; its error is about
/// |q| |c| / 127. Shapes: centroids (count, dimension), query (dimension), ranks (count).
/// Immutable.
/// </remarks>
internal sealed unsafe class CoarseCentroids
{
    private const float LevelMax = 127;
    private readonly ReadOnlyMemory<sbyte> _vectors;
    private readonly CentroidSet _centroids;
    private readonly float _step;
    private readonly float _squaredNormMax;

    /// <summary>Takes the levels of centroids.</summary>
    public CoarseCentroids(CentroidSet centroids)
    {
        Invariant.Check(centroids.Dimension % RandomRotation.Multiple == 0);
        _centroids = centroids;
        _step = StepOf(centroids.Vectors);
        Memory<sbyte> vectors = AlignedMemory.Allocate<sbyte>(centroids.Vectors.Length);
        Quantize(centroids.Vectors, _step, vectors.Span);
        _vectors = vectors;
        foreach (float norm in centroids.SquaredNorms)
        {
            _squaredNormMax = Math.Max(_squaredNormMax, norm);
        }
    }

    /// <summary>Bytes in memory.</summary>
    public long SizeBytes => _vectors.Length;

    /// <summary>The ranks of all centroids.</summary>
    /// <returns>
    /// A bound of the standard deviation of their errors, which both roundings make.
    /// </returns>
    public float Rank(Metric metric, ReadOnlySpan<float> query, Span<float> ranks)
    {
        int dimension = _centroids.Dimension;
        Invariant.Check(query.Length == dimension && ranks.Length >= _centroids.Count);
        float step = StepOf(query);
        Span<sbyte> levels = dimension <= 4096 ? stackalloc sbyte[dimension] : new sbyte[dimension];
        Quantize(query, step, levels);
        fixed (sbyte* rows = _vectors.Span, start = levels)
        fixed (float* products = ranks)
        {
            var action = new RowProductAction(
                (byte*)rows, _centroids.Count, dimension, (byte*)start, products);
            ElementDispatch.Run<sbyte, sbyte, RowProductAction>(VectorWidths.Widest, ref action);
        }

        float scale = metric == Metric.InnerProduct ? -step * _step : -2 * step * _step;
        float norm = metric == Metric.InnerProduct ? 0 : Norm.ComputeSquared(query);
        ReadOnlySpan<float> norms = _centroids.SquaredNorms;
        for (int i = 0; i < norms.Length; i++)
        {
            float own = metric == Metric.InnerProduct ? 0 : norms[i];
            ranks[i] = own + norm + (scale * ranks[i]);
        }

        // A rounding is spread evenly over a step, so its variance is a twelfth of its square.
        float length = metric == Metric.InnerProduct ? Norm.ComputeSquared(query) : norm;
        float variance = ((step * step * _squaredNormMax) + (_step * _step * length)) / 12;
        return (metric == Metric.InnerProduct ? 1 : 2) * MathF.Sqrt(variance);
    }

    // Lengths are multiples of a register: dimensions of rotated vectors.
    private static float StepOf(ReadOnlySpan<float> vectors)
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

    private static void Quantize(ReadOnlySpan<float> vectors, float step, Span<sbyte> levels)
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
