using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>The random rotation of every register width against its definition.</summary>
public sealed class RotationTests
{
    public static TheoryData<int> Dimensions => new(
        1, 7, 64, 65, 100, 128, 200, 384, 768, 784, 1537);

    [Theory]
    [MemberData(nameof(Dimensions))]
    public void Every_width_agrees_with_the_scalar_reference(int dimension)
    {
        var rotation = new RandomRotation(dimension, 5);
        float[] vector = VectorData.Floats(dimension, 1);
        double[] expected = ScalarRotation.Rotate(rotation, vector);
        foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
        {
            var rotated = new float[rotation.PaddedDimension];
            rotation.Rotate(vector, rotated, width);
            for (int i = 0; i < rotated.Length; i++)
            {
                Assert.Equal(expected[i], rotated[i], 1e-5);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Dimensions))]
    public void Lengths_and_products_are_kept_and_the_way_back_leads_home(int dimension)
    {
        var rotation = new RandomRotation(dimension, 6);
        float[] a = VectorData.Floats(dimension, 2);
        float[] b = VectorData.Floats(dimension, 3);
        var first = new float[rotation.PaddedDimension];
        var second = new float[rotation.PaddedDimension];
        rotation.Rotate(a, first);
        rotation.Rotate(b, second);
        Assert.Equal(Dot.ComputeScalar(a, b), Dot.ComputeScalar(first, second), 1e-3);
        Assert.Equal(Norm.ComputeScalar(a), Norm.ComputeScalar(first), 1e-4);
        var back = new float[dimension];
        rotation.Unrotate(first, back);
        for (int i = 0; i < dimension; i++)
        {
            Assert.Equal(a[i], back[i], 1e-5);
        }
    }

    [Fact]
    public void One_element_spreads_evenly_over_all()
    {
        var rotation = new RandomRotation(784, 7);
        var vector = new float[784];
        vector[100] = 1;
        var rotated = new float[rotation.PaddedDimension];
        rotation.Rotate(vector, rotated);
        double largest = rotated.Max(Math.Abs);
        Assert.InRange(largest, 1e-3, 5 / Math.Sqrt(784));
    }

    [Fact]
    public void A_seed_gives_one_rotation_and_another_seed_another()
    {
        float[] vector = VectorData.Floats(100, 4);
        float[] Rotate(ulong seed)
        {
            var rotated = new float[128];
            new RandomRotation(100, seed).Rotate(vector, rotated);
            return rotated;
        }

        Assert.Equal(Rotate(8), Rotate(8));
        Assert.NotEqual(Rotate(8), Rotate(9));
    }

    [Fact]
    public void Spans_of_another_length_are_refused()
    {
        var rotation = new RandomRotation(100, 1);
        Assert.Throws<ArgumentException>(() => rotation.Rotate(new float[99], new float[128]));
        Assert.Throws<ArgumentException>(() => rotation.Rotate(new float[100], new float[100]));
    }
}
