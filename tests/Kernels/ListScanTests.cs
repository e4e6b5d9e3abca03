using NeuroDb.Gpu;

namespace NeuroDb.Tests.Kernels;

/// <summary>Scans of lists: every register width against the scalar reference.</summary>
public sealed class ListScanTests
{
    public static TheoryData<int, int> Shapes => new()
    {
        { 64, 1 }, { 64, 32 }, { 128, 40 }, { 192, 33 }, { 832, 77 }, { 1088, 96 }, { 768, 900 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_width_finds_the_rows_that_the_reference_leaves(int dimension, int rows)
    {
        CodeListData data = CodeListData.Make(Metric.L2, dimension, rows, 5);
        var query = new FastScanQuery(1, data.Query);
        var expected = new ListSurvivors();
        int all = ListScan.FilterScalar(
            query, data.Probe, data.Blocks, rows, float.PositiveInfinity, expected);
        Assert.Equal(rows, all);
        float[] lowers = [.. expected.Lowers[..rows].Order()];
        foreach (float share in new[] { 0, 0.01f, 0.3f, 1 })
        {
            // Halfway between two bounds, so that rounding decides nothing.
            int place = Math.Min((int)(share * rows), rows - 1);
            float threshold = share == 1
                ? float.PositiveInfinity
                : place == 0 ? lowers[0] - 1e-3f : (lowers[place - 1] + lowers[place]) / 2;
            int kept = ListScan.FilterScalar(
                query, data.Probe, data.Blocks, rows, threshold, expected);
            foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
            {
                var survivors = new ListSurvivors();
                int found = ListScan.Filter(
                    query, data.Probe, data.Blocks, rows, threshold, survivors, data.Blocks, width);
                Assert.Equal(expected.Slots[..kept], survivors.Slots[..found]);
                for (int i = 0; i < found; i++)
                {
                    Assert.Equal(expected.Estimates[i], survivors.Estimates[i], 2e-2);
                    Assert.Equal(expected.Lowers[i], survivors.Lowers[i], 2e-2);
                }
            }
        }
    }

    [Fact]
    public void Tails_are_read_only_where_heads_leave_a_row()
    {
        const int Dimension = 768;
        const int Rows = 320;
        CodeListData data = CodeListData.Make(Metric.L2, Dimension, Rows, 6);
        var query = new FastScanQuery(1, data.Query);
        var survivors = new ListSurvivors();
        ListScan.Filter(query, data.Probe, data.Blocks, Rows, float.MaxValue, survivors, []);
        Assert.Equal(data.Blocks.Length, survivors.SizeBytesRead);
        Assert.Equal(0, ListScan.Filter(
            query, data.Probe, data.Blocks, Rows, -1e6f, survivors, []));
        Assert.Equal(
            Rows / 32 * ListBlocks.HeadSizeBytes(Dimension), survivors.SizeBytesRead);
    }

    [Theory]
    [InlineData(true, 128)]
    [InlineData(true, 768)]
    [InlineData(false, 256)]
    [InlineData(false, 832)]
    public void Bounds_of_heads_hold_as_often_as_those_of_whole_codes(bool isL2, int dimension)
    {
        Metric metric = isL2 ? Metric.L2 : Metric.InnerProduct;
        // A bound of two standard deviations of a normal error fails for 2.3 of 100 rows; those of
        // heads are asked alone by a threshold just below the rank of each row.
        const int Rows = 32;
        const int Trials = 60;
        int lost = 0;
        int lostByHeads = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            CodeListData data = CodeListData.Make(metric, dimension, Rows, 40 + (trial * 50));
            ListProbe probe = data.Probe with { Confidence = 2 };
            var query = new FastScanQuery(1, data.Query);
            for (int row = 0; row < Rows; row++)
            {
                byte[] one = data.Single(row);
                float rank = (float)(metric == Metric.L2
                    ? SquaredEuclidean.ComputeScalar(data.Rows[row], data.Query)
                    : -Dot.ComputeScalar(data.Rows[row], data.Query));
                var survivors = new ListSurvivors();
                int found = ListScan.Filter(query, probe, one, 1, rank, survivors, []);
                lost += 1 - found;
                lostByHeads += survivors.SizeBytesRead < one.Length ? 1 : 0;
            }
        }

        Assert.InRange(lost, 0, 0.05 * Rows * Trials);
        Assert.InRange(lostByHeads, 0, 0.035 * Rows * Trials);
        Assert.True(lost > 0, "bounds that always hold are wider than they have to be");
    }

    [Fact]
    public void A_query_with_a_NaN_leaves_nothing_out()
    {
        CodeListData data = CodeListData.Make(Metric.L2, 192, 70, 9);
        var query = new FastScanQuery(1, [float.NaN, .. data.Query[1..]]);
        foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
        {
            Assert.Equal(70, ListScan.Filter(
                query, data.Probe, data.Blocks, 70, float.NegativeInfinity, new(), [], width));
        }
    }

    [Theory]
    [InlineData(64)]
    [InlineData(320)]
    public void A_slot_that_is_copied_is_the_same_bit_by_bit(int dimension)
    {
        const int Rows = 70;
        CodeListData data = CodeListData.Make(Metric.L2, dimension, Rows, 12);
        var again = new byte[data.Blocks.Length];
        for (int slot = 0; slot < Rows; slot++)
        {
            ListBlocks.Copy(dimension, data.Blocks, slot, again, slot);
        }

        Assert.Equal(data.Blocks, again);
        var longer = new byte[ListBlocks.SizeBytes(dimension) * 5];
        ListBlocks.CopyFirst(dimension, data.Blocks, Rows, longer);
        Array.Clear(again);
        for (int slot = 0; slot < Rows; slot++)
        {
            ListBlocks.Copy(dimension, longer, slot, again, slot);
        }

        Assert.Equal(data.Blocks, again);
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
