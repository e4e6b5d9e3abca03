using System.Runtime.InteropServices;
using ILGPU;
using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>The device forms of assignment to centroids and of sums.</summary>
public sealed class ClusterKernelTests
{
    [Fact]
    public void A_vector_goes_to_the_centroid_that_the_reference_says()
    {
        const int Dimension = 36;
        float[] vectors = VectorData.Floats(20 * Dimension, 4);
        vectors[(3 * Dimension) + 1] = float.NaN;
        var set = new CentroidSet(VectorData.Floats(9 * Dimension, 5), Dimension);
        using var device = new KernelDevice();
        ArrayView<int> assignment = device.Send(new int[20]);
        ArrayView<float> distances = device.Send(new float[20]);
        var shape = new NearestShape { RowCount = 20, ClusterCount = 9, Length = Dimension / 4 };
        device.Launch(
            NearestKernel.Run,
            device.Send(Pack(vectors, Dimension)),
            device.Send(Pack(set.Vectors, Dimension)),
            assignment,
            distances,
            shape);
        int[] nearestOfDevice = device.Fetch(assignment);
        float[] distancesOfDevice = device.Fetch(distances);
        for (int i = 0; i < 20; i++)
        {
            int nearest = NearestCentroid.FindScalar(
                vectors.AsSpan(i * Dimension, Dimension), set, out float distance);
            Assert.Equal(nearest, nearestOfDevice[i]);
            Assert.Equal(distance, distancesOfDevice[i], 1e-4f);
        }
    }

    [Fact]
    public void Sums_are_those_of_the_reference_to_the_bit()
    {
        const int Dimension = 33;
        float[] vectors = VectorData.Floats(10 * Dimension, 6);
        var expected = new double[Dimension];
        for (int i = 0; i < 10; i++)
        {
            VectorSum.AddScalar(expected, vectors.AsSpan(i * Dimension, Dimension));
        }

        using var device = new KernelDevice();
        ArrayView<double> sums = device.Send(new double[Dimension]);
        device.Launch(VectorSumKernel.Run, device.Send(vectors), sums, 10, Dimension);
        Assert.Equal(expected, device.Fetch(sums));
    }

    private static Float4[] Pack(float[] vectors, int dimension)
    {
        Assert.Equal(0, dimension % 4);
        return MemoryMarshal.Cast<float, Float4>(vectors).ToArray();
    }
}
