using ILGPU;
using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>The device forms of hashing n-grams and of adding hashed features.</summary>
public sealed class HashingKernelTests
{
    [Theory]
    [InlineData(0, 3, 4)]
    [InlineData(5, 1, 8)]
    [InlineData(41, 3, 4)]
    public void Hashes_are_those_of_the_processor(int length, int shortest, int longest)
    {
        ushort[] units = HashingTests.Units(length);
        var expected = new ulong[(longest - shortest + 1) * length];
        NgramHash.Compute(units, shortest, longest, expected);
        using var device = new KernelDevice();
        ArrayView<ulong> hashes = device.Send(new ulong[expected.Length]);
        var shape = new NgramHashShape
        {
            Length = length, Shortest = shortest, Longest = longest,
        };
        device.Launch(NgramHashKernel.Compute, device.Send(units), hashes, shape);
        Assert.Equal(expected, device.Fetch(hashes));
    }

    [Theory]
    [InlineData(16, 1)]
    [InlineData(50, 3)]
    public void Sums_are_those_of_the_processor(int dimension, int blocks)
    {
        int[] starts = [0, 7, 7, 40];
        ulong[] features = HashingTests.Features(starts[^1]);
        float[] weights = VectorData.Floats(starts[^1], 5);
        var expected = new float[3 * dimension];
        for (int text = 0; text < 3; text++)
        {
            HashedSum.Add(
                features.AsSpan(starts[text]..starts[text + 1]),
                weights.AsSpan(starts[text]..starts[text + 1]),
                blocks,
                expected.AsSpan(text * dimension, dimension));
        }

        using var device = new KernelDevice();
        ArrayView<float> vectors = device.Send(new float[expected.Length]);
        var shape = new HashedSumShape { Texts = 3, Dimension = dimension, Blocks = blocks };
        device.Launch(
            HashedSumKernel.Add,
            device.Send(features),
            device.Send(weights),
            device.Send(starts),
            vectors,
            shape);
        Assert.Equal(expected, device.Fetch(vectors));
    }
}
