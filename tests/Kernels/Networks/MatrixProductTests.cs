using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>Matrix products of every layout and register width against their definition.</summary>
public sealed class MatrixProductTests
{
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 10, 64, 2 }, { 7, 10, 64 }, { 6, 64, 33 }, { 13, 129, 65 },
        { 30, 65, 300 }, { 25, 300, 17 }, { 100, 520, 7 }, { 5, 1, 77 }, { 97, 16, 270 },
        { 3, 40, 0 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Every_layout_and_width_agrees_with_the_reference(int rows, int columns, int depth)
    {
        float[] a = VectorData.Floats(rows * depth, 1);
        float[] b = VectorData.Floats(depth * columns, 2);
        foreach (MatrixLayout layout in Enum.GetValues<MatrixLayout>())
        {
            var shape = new MatrixShape(layout, rows, columns, depth);
            var expected = new double[rows * columns];
            MatrixProduct.ComputeScalar(shape, a, b, expected);
            foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
            {
                var c = new float[rows * columns];
                MatrixProduct.Compute(shape, a, b, c, default, width);
                Agreement.Of(expected, c, 2e-5);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Adding_bias_and_rectifier_happen_in_that_order(int rows, int columns, int depth)
    {
        float[] a = VectorData.Floats(rows * depth, 3);
        float[] b = VectorData.Floats(depth * columns, 4);
        float[] bias = VectorData.Floats(columns, 5);
        float[] before = VectorData.Floats(rows * columns, 6);
        var shape = new MatrixShape(MatrixLayout.Plain, rows, columns, depth);
        var expected = new double[rows * columns];
        MatrixProduct.ComputeScalar(shape, a, b, expected);
        for (int i = 0; i < expected.Length; i++)
        {
            expected[i] = Math.Max(0, expected[i] + before[i] + bias[i % columns]);
        }

        foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
        {
            var epilogue = new ProductEpilogue { Bias = bias, IsAdded = true, IsRectified = true };
            float[] c = [.. before];
            MatrixProduct.Compute(shape, a, b, c, epilogue, width);
            Agreement.Of(expected, c, 2e-5);
        }
    }

    [Fact]
    public void NaN_is_not_hidden_by_the_rectifier()
    {
        var shape = new MatrixShape(MatrixLayout.Plain, 2, 20, 3);
        float[] a = VectorData.Floats(6, 7);
        a[1] = float.NaN;
        var c = new float[40];
        MatrixProduct.Compute(
            shape, a, VectorData.Floats(60, 8), c, new ProductEpilogue { IsRectified = true });
        Assert.All(c[..20], number => Assert.True(float.IsNaN(number)));
        Assert.All(c[20..], number => Assert.False(float.IsNaN(number)));
    }

    [Fact]
    public void Arrays_of_another_length_are_refused()
    {
        var shape = new MatrixShape(MatrixLayout.Plain, 2, 3, 4);
        Assert.Throws<ArgumentException>(() =>
            MatrixProduct.Compute(shape, new float[8], new float[12], new float[7]));
    }
}
