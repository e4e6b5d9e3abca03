using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>Sums, averages and unit vectors.</summary>
public sealed class VectorSumTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(33)]
    [InlineData(1541)]
    public void Every_width_gives_the_sums_of_the_reference_to_the_bit(int dimension)
    {
        float[] first = VectorData.Floats(dimension, 1);
        float[] second = VectorData.Floats(dimension, 2);
        var expected = new double[dimension];
        VectorSum.AddScalar(expected, first);
        VectorSum.AddScalar(expected, second);
        foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
        {
            var sums = new double[dimension];
            VectorSum.Add(sums, first, width);
            VectorSum.Add(sums, second, width);
            Assert.Equal(expected, sums);
        }
    }

    [Fact]
    public void A_NaN_stays_in_its_dimension()
    {
        var sums = new double[20];
        float[] vector = VectorData.Floats(20, 3);
        vector[4] = float.NaN;
        VectorSum.Add(sums, vector);
        var average = new float[20];
        VectorSum.Average(sums, 1, average);
        Assert.Equal(vector, average);
    }

    [Fact]
    public void The_average_of_nothing_is_undefined()
    {
        var average = new float[2];
        VectorSum.Average(new double[2], 0, average);
        Assert.Equal([float.NaN, float.NaN], average);
    }

    [Theory]
    [InlineData(1f)]
    [InlineData(1e-30f)]
    [InlineData(1e30f)]
    public void Unit_vectors_have_length_one_whatever_the_scale(float scale)
    {
        float[] vector = [.. VectorData.Floats(100, 4).Select(element => element * scale)];
        var unit = new float[100];
        var expected = new float[100];
        VectorSum.Normalize(vector, unit);
        VectorSum.NormalizeScalar(vector, expected);
        Assert.Equal(1, Norm.ComputeScalar(unit), 1e-6f);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(expected[i], unit[i], 1e-6f);
        }
    }

    [Fact]
    public void A_zero_vector_stays_zero_and_a_NaN_spreads()
    {
        var unit = new float[5];
        VectorSum.Normalize(new float[5], unit);
        Assert.Equal(new float[5], unit);
        VectorSum.Normalize([1, 2, float.NaN, 3, 4], unit);
        Assert.All(unit, element => Assert.Equal(float.NaN, element));
    }
}
