using System.Buffers;

namespace NeuroDb.Gpu;

/// <summary>
/// The distance of vectors of halves, and of one with a vector of floats, in double precision: that
/// of the same numbers as floats, so that no number of the other side is too large or too small.
/// </summary>
internal static class HalfDistance
{
    /// <summary>The distance of halves and floats.</summary>
    public static double Compute(Metric metric, ReadOnlySpan<Half> a, ReadOnlySpan<float> b)
    {
        float[] numbers = ArrayPool<float>.Shared.Rent(a.Length);
        double distance = Distance.Compute(metric, Widen(a, numbers), b);
        ArrayPool<float>.Shared.Return(numbers);
        return distance;
    }

    /// <summary>The distance of halves.</summary>
    public static double Compute(Metric metric, ReadOnlySpan<Half> a, ReadOnlySpan<Half> b)
    {
        float[] numbers = ArrayPool<float>.Shared.Rent(b.Length);
        double distance = Compute(metric, a, Widen(b, numbers));
        ArrayPool<float>.Shared.Return(numbers);
        return distance;
    }

    private static unsafe ReadOnlySpan<float> Widen(ReadOnlySpan<Half> vector, float[] numbers)
    {
        fixed (Half* from = vector)
        fixed (float* to = numbers)
        {
            var action = new WidenAction(from, to, vector.Length);
            FloatDispatch.Run(VectorWidths.Widest, ref action);
        }

        return numbers.AsSpan(0, vector.Length);
    }
}
