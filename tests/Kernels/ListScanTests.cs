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
    public void Coarse_centroids_rank_like_centroids_but_for_rounding(int dimension, int count)
    {
        float[] vectors = VectorData.Floats(dimension * count, 3);
        float[] query = VectorData.Floats(dimension, 4);
        var set = new CentroidSet(vectors, dimension);
        var coarse = new CoarseCentroids(set);
        var ranks = new float[count];
        foreach (Metric metric in new[] { Metric.L2, Metric.InnerProduct })
        {
            coarse.Rank(metric, query, ranks);
            for (int i = 0; i < count; i++)
            {
                double exact = metric == Metric.L2
                    ? SquaredEuclidean.ComputeScalar(set.Centroid(i), query)
                    : -Dot.ComputeScalar(set.Centroid(i), query);
                double norms = Math.Sqrt(set.SquaredNorms[i] * Norm.ComputeSquared(query));
                Assert.Equal(exact, ranks[i], 0.02 * norms);
            }
        }
    }
}
