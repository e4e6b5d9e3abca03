using System.Runtime.InteropServices;
using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>Scans of lists of blocks against scans of their blocks, one by one.</summary>
public sealed class ListScanTests
{
    [Theory]
    [InlineData(64, 1)]
    [InlineData(64, 32)]
    [InlineData(192, 33)]
    [InlineData(832, 77)]
    [InlineData(1088, 96)]
    public void Every_width_finds_the_rows_that_the_reference_leaves(int dimension, int rows)
    {
        int size = ListScan.BlockSizeBytes(1, dimension);
        int count = ListScan.BlockCountOf(rows);
        var blocks = new byte[count * size];
        CodeBlockData first = CodeBlockData.Make(1, dimension, 5);
        var query = new FastScanQuery(1, first.Query);
        var expected = new List<(int Slot, float Lower)>();
        var all = new List<float>();
        for (int pass = 0; pass < 2; pass++)
        {
            float threshold = pass == 0
                ? float.PositiveInfinity
                : all.Order().ElementAt(all.Count / 3) + 1e-3f;
            expected.Clear();
            for (int i = 0; i < count; i++)
            {
                CodeBlockData data = CodeBlockData.Make(1, dimension, 5 + (200 * i));
                data.Codes.CopyTo(blocks, i * size);
                MemoryMarshal.AsBytes(data.Factors.AsSpan())
                    .CopyTo(blocks.AsSpan((i * size) + data.Codes.Length));
                var ranks = new BlockRanks(new float[32], new float[32]);
                uint kept = FastScan.FilterScalar(
                    query, first.Probe, data.Codes, data.Factors, threshold, ~0u, ranks);
                for (int row = 0; row < 32 && (i * 32) + row < rows; row++)
                {
                    all.Add(ranks.Lowers[row]);
                    if ((kept & (1u << row)) != 0)
                    {
                        expected.Add(((i * 32) + row, ranks.Lowers[row]));
                    }
                }
            }

            foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
            {
                var survivors = new ListSurvivors();
                int found = ListScan.Filter(
                    query, first.Probe, blocks, rows, threshold, survivors, width);
                Assert.Equal(expected.Select(static row => row.Slot), survivors.Slots[..found]);
                for (int i = 0; i < found; i++)
                {
                    Assert.Equal(expected[i].Lower, survivors.Lowers[i], 1e-2);
                }
            }
        }
    }

    [Theory]
    [InlineData(64, 5)]
    [InlineData(320, 9)]
    [InlineData(128, 200)]
    public void Coarse_centroids_rank_like_centroids_but_for_rounding(int dimension, int count)
    {
        float[] vectors = VectorData.Floats(dimension * count, 3);
        float[] query = VectorData.Floats(dimension, 4);
        var set = new CentroidSet(vectors, dimension);
        var ranks = new float[count];
        var coarseQuery = new CoarseQuery();
        foreach (Metric metric in new[] { Metric.L2, Metric.InnerProduct })
        {
            var coarse = new CoarseCentroids(metric, set);
            coarseQuery.Set(query, coarse.Mean);
            coarse.Rank(coarseQuery, ranks);
            int[] picked = [count - 1, 0];
            var some = new float[picked.Length];
            coarse.Rank(coarseQuery, picked, some);
            Assert.Equal([ranks[count - 1], ranks[0]], some);
            float deviation = coarse.DeviationOf(coarseQuery);
            for (int i = 0; i < count; i++)
            {
                double exact = metric == Metric.L2
                    ? SquaredEuclidean.ComputeScalar(set.Centroid(i), query)
                    : -Dot.ComputeScalar(set.Centroid(i), query);
                double norms = Math.Sqrt(set.SquaredNorms[i] * Norm.ComputeSquared(query));
                Assert.Equal(exact, ranks[i], 0.02 * norms);
                Assert.InRange(ranks[i] - exact, -5 * deviation, 5 * deviation);
            }
        }
    }

    [Fact]
    public void What_all_centroids_have_in_common_takes_nothing_from_their_ranks()
    {
        const int Dimension = 128;
        const int Count = 40;
        float[] centroids = Far(VectorData.Floats(Dimension * Count, 3));
        float[] query = Far(VectorData.Floats(Dimension, 4));
        var set = new CentroidSet(centroids, Dimension);
        var coarse = new CoarseCentroids(Metric.L2, set);
        var coarseQuery = new CoarseQuery();
        coarseQuery.Set(query, coarse.Mean);
        var ranks = new float[Count];
        coarse.Rank(coarseQuery, ranks);
        float deviation = coarse.DeviationOf(coarseQuery);
        Assert.InRange(deviation, 0, 1);
        for (int i = 0; i < Count; i++)
        {
            double exact = SquaredEuclidean.ComputeScalar(set.Centroid(i), query);
            Assert.InRange(ranks[i] - exact, -5 * deviation, 5 * deviation);
        }

        static float[] Far(float[] vectors) =>
            Array.ConvertAll(vectors, static element => element + 1000);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(832)]
    public void Codes_of_many_centroids_bound_their_ranks(int dimension)
    {
        const int Count = 200;
        float[] vectors = VectorData.Floats(dimension * Count, 5);
        float[] query = VectorData.Floats(dimension, 6);
        var set = new CentroidSet(vectors, dimension);
        var tables = new FastScanQuery(1, query);
        foreach (Metric metric in new[] { Metric.L2, Metric.InnerProduct })
        {
            var coarse = new CoarseCentroids(metric, set);
            Assert.True(coarse.IsCoded);
            var estimates = new float[224];
            var lowers = new float[224];
            coarse.Bound(tables, query, 4, estimates, lowers);
            for (int i = 0; i < Count; i++)
            {
                double exact = metric == Metric.L2
                    ? SquaredEuclidean.ComputeScalar(set.Centroid(i), query)
                    : -Dot.ComputeScalar(set.Centroid(i), query);
                Assert.InRange(exact, lowers[i], (2 * estimates[i]) - lowers[i]);
            }
        }
    }
}
