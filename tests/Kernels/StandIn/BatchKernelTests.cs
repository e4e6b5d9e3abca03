using System.Runtime.InteropServices;
using ILGPU;
using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>The device forms of batches, of assignment to centroids and of sums.</summary>
public sealed class BatchKernelTests
{
    private const int Groups = 2;
    private const int GroupSize = 8;
    private const int WarpSize = 4;

    [Theory]
    [InlineData(0, 16, 3)]
    [InlineData(7, 20, 10)]
    [InlineData(40, 100, 5)]
    public void A_batch_finds_what_scans_find(int count, int dimension, int k)
    {
        float[] rows = VectorData.Floats(count * dimension, 1);
        float[] queries = VectorData.Floats(4 * dimension, 2);
        var block = new VectorBlock<float>(
            rows, count, dimension, 0, VectorData.Mask(count, 3));
        float[] norms =
        [
            .. Enumerable.Range(0, 4).Select(
                i => Norm.ComputeSquared(queries.AsSpan(i * dimension, dimension))),
        ];
        int lists = Groups * GroupSize / WarpSize * 4 * k;
        var listRanks = new ArrayView<float>(new float[lists]);
        var listIndexes = new ArrayView<int>(new int[lists]);
        var ranks = new float[Groups * 4 * k];
        var indexes = new int[Groups * 4 * k];
        Float4[] packedRows = Pack(rows, dimension);
        Float4[] packedQueries = Pack(queries, dimension);
        ulong[] mask = block.Mask.ToArray();
        var shape = new BatchScanShape
        {
            RowCount = count,
            RowLength = dimension / 4,
            K = k,
            IsMasked = 1,
        };
        Lane.Launch(Groups, GroupSize, WarpSize, () =>
            BatchScanKernel.Run<Float4, DeviceCosine<Float4, DeviceFloats>>(
                new(packedRows),
                new(packedQueries),
                new(norms),
                new(mask),
                listRanks,
                listIndexes,
                new(ranks),
                new(indexes),
                shape));
        for (int query = 0; query < 4; query++)
        {
            var heap = new TopKHeap(k);
            for (int i = query * Groups * k; i < (query + 1) * Groups * k; i++)
            {
                if (indexes[i] != DeviceOrder.NoIndex)
                {
                    heap.TryAdd(ranks[i], indexes[i]);
                }
            }

            Candidate[] expected = ScalarScan.Run(
                Metric.Cosine,
                new ReadOnlySpan<float>(queries, query * dimension, dimension),
                k,
                block);
            ElementCheck.Matches<float>(Metric.Cosine, expected, heap.ToSortedArray());
        }
    }

    [Fact]
    public void A_vector_goes_to_the_centroid_that_the_reference_says()
    {
        const int Dimension = 36;
        float[] vectors = VectorData.Floats(20 * Dimension, 4);
        vectors[(3 * Dimension) + 1] = float.NaN;
        var set = new CentroidSet(VectorData.Floats(9 * Dimension, 5), Dimension);
        var assignment = new int[20];
        var distances = new float[20];
        Float4[] packedVectors = Pack(vectors, Dimension);
        Float4[] packedCentroids = Pack(set.Vectors, Dimension);
        var shape = new NearestShape { RowCount = 20, ClusterCount = 9, Length = Dimension / 4 };
        Lane.Launch(Groups, GroupSize, WarpSize, () => NearestKernel.Run(
            new(packedVectors), new(packedCentroids), new(assignment), new(distances), shape));
        for (int i = 0; i < 20; i++)
        {
            int nearest = NearestCentroid.FindScalar(
                vectors.AsSpan(i * Dimension, Dimension), set, out float distance);
            Assert.Equal(nearest, assignment[i]);
            Assert.Equal(distance, distances[i], 1e-4f);
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

        var sums = new double[Dimension];
        Lane.Launch(Groups, GroupSize, WarpSize, () =>
            VectorSumKernel.Run(new(vectors), new(sums), 10, Dimension));
        Assert.Equal(expected, sums);
    }

    private static Float4[] Pack(float[] vectors, int dimension)
    {
        Assert.Equal(0, dimension % 4);
        return MemoryMarshal.Cast<float, Float4>(vectors).ToArray();
    }
}
