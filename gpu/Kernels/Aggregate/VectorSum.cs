namespace NeuroDb.Gpu;

/// <summary>
/// Sums, averages and unit lengths of vectors: sums[i] += vector[i], average[i] = sums[i] / count,
/// unit[i] = vector[i] / |vector|.
/// </summary>
/// <remarks>
/// Sums are kept in double precision, so that a million rows lose no digit of a float; they depend
/// on the order of the vectors in the last bits only. A NaN stays in its dimension; the average of
/// no vectors is NaN. A zero vector has no direction and stays zero; a NaN spreads over the unit
/// vector.
/// </remarks>
internal static class VectorSum
{
    /// <summary>Adds a vector. Shapes: sums (dimension), vector (dimension).</summary>
    public static void Add(Span<double> sums, ReadOnlySpan<float> vector) =>
        Add(sums, vector, VectorWidths.Widest);

    /// <summary>Adds a vector with a given register width.</summary>
    public static void Add(Span<double> sums, ReadOnlySpan<float> vector, VectorWidth width)
    {
        SpanPair.CheckLength<double, float>(sums, vector);
        int i = width switch
        {
            VectorWidth.Bits512 => WideSums.Add512(sums, vector),
            VectorWidth.Bits256 => WideSums.Add256(sums, vector),
            _ => WideSums.Add128(sums, vector),
        };
        for (; i < vector.Length; i++)
        {
            sums[i] += vector[i];
        }
    }

    /// <summary>The reference of <see cref="Add(Span{double}, ReadOnlySpan{float})"/>.</summary>
    public static void AddScalar(Span<double> sums, ReadOnlySpan<float> vector)
    {
        SpanPair.CheckLength<double, float>(sums, vector);
        for (int i = 0; i < vector.Length; i++)
        {
            sums[i] += vector[i];
        }
    }

    /// <summary>The sums over a count, rounded to single precision.</summary>
    public static void Average(ReadOnlySpan<double> sums, long count, Span<float> average)
    {
        SpanPair.CheckLength<double, float>(sums, average);
        for (int i = 0; i < sums.Length; i++)
        {
            average[i] = (float)(sums[i] / count);
        }
    }

    /// <summary>The average of vectors (count, dimension); zeros where there are none.</summary>
    public static float[] Mean(ReadOnlySpan<float> vectors, int dimension)
    {
        var sums = new double[dimension];
        for (int start = 0; start < vectors.Length; start += dimension)
        {
            Add(sums, vectors.Slice(start, dimension));
        }

        var mean = new float[dimension];
        Average(sums, Math.Max(1, vectors.Length / dimension), mean);
        return mean;
    }

    /// <summary>
    /// The vector over its length; the two spans may be the same. Vectors whose squares leave the
    /// range of a float are measured in double precision.
    /// </summary>
    public static void Normalize(ReadOnlySpan<float> vector, Span<float> unit)
    {
        SpanPair.CheckLength<float, float>(vector, unit);
        double squared = Norm.ComputeSquared(vector);
        if (!(squared is > 1e-30 and < 1e30))
        {
            squared = ScalarSquaredNorm(vector);
        }

        if (squared == 0)
        {
            vector.CopyTo(unit);
            return;
        }

        double inverse = 1 / Math.Sqrt(squared);
        for (int i = 0; i < vector.Length; i++)
        {
            unit[i] = (float)(vector[i] * inverse);
        }
    }

    /// <summary>The reference of <see cref="Normalize"/>.</summary>
    public static void NormalizeScalar(ReadOnlySpan<float> vector, Span<float> unit)
    {
        double length = Math.Sqrt(ScalarSquaredNorm(vector));
        for (int i = 0; i < vector.Length; i++)
        {
            unit[i] = length == 0 ? vector[i] : (float)(vector[i] / length);
        }
    }

    private static double ScalarSquaredNorm(ReadOnlySpan<float> vector)
    {
        double sum = 0;
        foreach (float element in vector)
        {
            sum += (double)element * element;
        }

        return sum;
    }
}
