using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>Distance kernels of every register width against the formula in double.</summary>
public sealed class DistanceTests
{
    public static TheoryData<int> Dimensions => new(
        0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 100, 127, 128, 129, 255, 384,
        511, 513, 767, 768, 769, 1000, 1023, 1536, 1537, 1541);

    [Theory]
    [MemberData(nameof(Dimensions))]
    public void Every_width_agrees_with_the_scalar_reference(int dimension)
    {
        float[] a = VectorData.Floats(dimension, 1);
        float[] b = VectorData.Floats(dimension, 2);
        foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
        {
            Near(Dot.ComputeScalar(a, b), PairReduction.Compute<Dot>(a, b, width), dimension);
            Near(
                SquaredEuclidean.ComputeScalar(a, b),
                PairReduction.Compute<SquaredEuclidean>(a, b, width),
                dimension);
            Near(
                Manhattan.ComputeScalar(a, b),
                PairReduction.Compute<Manhattan>(a, b, width),
                dimension);
            Near(CosineDistance.ComputeScalar(a, b), CosineDistance.Compute(a, b, width), 1);
        }

        Near(Norm.ComputeScalar(a), Norm.Compute(a), dimension);
    }

    [Theory]
    [MemberData(nameof(Dimensions))]
    public void Unaligned_vectors_give_the_same_bits(int dimension)
    {
        float[] a = VectorData.Floats(dimension, 3);
        float[] b = VectorData.Floats(dimension, 4);
        foreach (Metric metric in VectorData.Metrics)
        {
            double expected = Distance.Compute(metric, a, b);
            for (int shift = 1; shift < 4; shift++)
            {
                float[] moved = [.. new float[shift], .. a, float.NaN];
                double actual = Distance.Compute(metric, moved.AsSpan(shift, dimension), b);
                Assert.Equal(expected, actual);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Dimensions))]
    public void A_vector_has_distance_zero_from_itself(int dimension)
    {
        float[] a = VectorData.Floats(dimension, 5);
        Assert.Equal(0, Distance.Compute(Metric.L2, a, a));
        Assert.Equal(0, Distance.Compute(Metric.L1, a, a));
        Assert.Equal(dimension == 0 ? double.NaN : 0, Distance.Compute(Metric.Cosine, a, a));
    }

    [Fact]
    public void Cosine_with_a_zero_vector_is_undefined()
    {
        float[] a = VectorData.Floats(100, 6);
        Assert.Equal(float.NaN, CosineDistance.Compute(a, new float[100]));
        Assert.Equal(float.NaN, CosineDistance.Compute(new float[100], a));
        Assert.Equal(float.NaN, CosineDistance.ComputeScalar(new float[100], a));
    }

    [Theory]
    [InlineData(1e30f, 1)]
    [InlineData(1, 1e30f)]
    [InlineData(1e-30f, 1)]
    [InlineData(1e-30f, 1e-30f)]
    [InlineData(1e38f, 1e38f)]
    public void Cosine_has_no_vectors_too_long_or_too_short_for_it(float first, float second)
    {
        float[] a = VectorData.Floats(100, 6);
        float[] b = VectorData.Floats(100, 7);
        float expected = CosineDistance.ComputeScalar(a, b);
        float[] scaled = [.. a.Select(element => element * first)];
        float[] other = [.. b.Select(element => element * second)];
        Assert.Equal(expected, CosineDistance.Compute(scaled, other), 1e-5f);
        Assert.Equal(expected, Distance.Compute(Metric.Cosine, scaled, other), 1e-5);
    }

    [Theory]
    [InlineData(1e-2f)]
    [InlineData(1e-4f)]
    [InlineData(1e-5f)]
    public void Cosine_tells_vectors_apart_that_are_almost_parallel(float difference)
    {
        float[] a = VectorData.Floats(100, 6);
        float[] noise = VectorData.Floats(100, 7);
        float[] b = [.. a.Select((element, i) => element + (difference * noise[i]))];
        float expected = CosineDistance.ComputeScalar(a, b);
        Assert.InRange(expected, float.Epsilon, 1e-3f);
        Assert.InRange(CosineDistance.Compute(a, b) / expected, 0.999f, 1.001f);
        Assert.InRange(Distance.Compute(Metric.Cosine, a, b) / expected, 0.999, 1.001);
    }

    [Theory]
    [InlineData(3.1f)]
    [InlineData(0.7f)]
    public void Cosine_tells_multiples_of_a_vector_apart_by_how_they_are_rounded(float factor)
    {
        float[] a = VectorData.Floats(100, 6);
        float[] b = Array.ConvertAll(a, element => factor * element);
        double[] first = UnitOf(a);
        double expected = first.Zip(UnitOf(b), static (x, y) => (x - y) * (x - y)).Sum() / 2;
        Assert.InRange(expected, 1e-17, 1e-13);
        Assert.InRange(CosineDistance.Compute(a, b) / expected, 0.999, 1.001);
        Assert.InRange(Distance.Compute(Metric.Cosine, a, b) / expected, 0.999, 1.001);
        float[] exact = [1, 2, 3, -5];
        float[] longer = [3, 6, 9, -15];
        Assert.Equal(0, Distance.Compute(Metric.Cosine, exact, longer));
    }

    [Theory]
    [InlineData(1e30f)]
    [InlineData(1e-30f)]
    public void Distances_of_huge_and_tiny_elements_are_finite_and_not_zero(float size)
    {
        float[] a = [.. VectorData.Floats(37, 6).Select(element => element * size)];
        float[] b = [.. VectorData.Floats(37, 7).Select(element => element * size)];
        foreach (Metric metric in (Metric[])[Metric.L2, Metric.L1, Metric.InnerProduct])
        {
            double distance = Math.Abs(Distance.Compute(metric, a, b));
            Assert.True(double.IsFinite(distance) && distance > 0, $"{metric}: {distance}");
        }
    }

    [Fact]
    public void Cosine_of_parallel_and_opposite_vectors_stays_in_range()
    {
        float[] a = VectorData.Floats(1537, 7);
        float[] b = [.. a.Select(element => element * 1e-3f)];
        float[] c = [.. a.Select(element => element * -3.1f)];
        Assert.InRange(CosineDistance.Compute(a, b), 0, 1e-6f);
        Assert.InRange(CosineDistance.Compute(a, c), 2 - 1e-6f, 2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    [InlineData(99)]
    public void A_NaN_anywhere_gives_NaN(int position)
    {
        float[] a = VectorData.Floats(100, 8);
        float[] b = VectorData.Floats(100, 9);
        a[position] = float.NaN;
        foreach (Metric metric in VectorData.Metrics)
        {
            Assert.Equal(double.NaN, Distance.Compute(metric, a, b));
            Assert.Equal(double.NaN, Distance.Compute(metric, b, a));
        }
    }

    [Fact]
    public void Vectors_of_different_dimension_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Dot.Compute(new float[3], new float[4]));
        Assert.Throws<ArgumentException>(() => CosineDistance.Compute(new float[3], new float[4]));
    }

    private static void Near(float expected, float actual, int dimension)
    {
        if (float.IsNaN(expected))
        {
            Assert.Equal(float.NaN, actual);
            return;
        }

        float tolerance = 1e-6f * (dimension + 1);
        Assert.InRange(actual - expected, -tolerance, tolerance);
    }

    private static double[] UnitOf(float[] vector)
    {
        double length = Math.Sqrt(vector.Sum(static element => (double)element * element));
        return Array.ConvertAll(vector, element => element / length);
    }
}
