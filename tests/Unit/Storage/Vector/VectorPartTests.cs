using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>The index of a segment's vectors, over vectors in an array.</summary>
public sealed class VectorPartTests
{
    private static readonly SystemWorkers Workers = new(2);

    public static TheoryData<int, int, int> Shapes => new()
    {
        { 0, 4_200, 16 }, { 1, 4_200, 17 }, { 2, 4_200, 16 }, { 0, 300, 100 }, { 1, 31, 7 },
        { 0, 1, 3 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Going_through_all_lists_gives_what_the_exact_scan_gives(
        int metricNumber, int count, int dimension)
    {
        Metric metric = MetricOf(metricNumber);
        ArrayVectorRows rows = Rows(count, dimension, 1);
        VectorPart part = Build(rows, metric);
        Assert.Equal(count, part.RowCount);
        for (int i = 0; i < 20; i++)
        {
            float[] query = Rows(1, dimension, 50 + (ulong)i).Row(0).ToArray();
            var search = new VectorSearch(metric, query, 10);
            search.Run(part, rows, 7, null, VectorDial.Full);
            Assert.Equal(Exact(rows, metric, query, 10, 7, null), search.Heap.ToSortedArray());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_recall_that_was_asked_for_is_met_on_other_queries(int metricNumber)
    {
        Metric metric = MetricOf(metricNumber);
        ArrayVectorRows rows = Rows(5_000, 24, 1);
        VectorPart part = VectorCalibrator.Calibrate(
            Workers, Build(rows, metric), rows, 0.95, 1, CancellationToken.None);
        Assert.True(part.MeasuredRecall >= 0.95);
        long hits = 0;
        long scanned = 0;
        const int Queries = 400;
        ArrayVectorRows queries = Rows(Queries, 24, 99);
        for (int i = 0; i < Queries; i++)
        {
            float[] query = queries.Row(i).ToArray();
            var search = new VectorSearch(metric, query, 10);
            search.Run(part, rows, 0, null, part.Dial);
            long[] found = [.. search.Heap.ToSortedArray().Select(static x => x.Id)];
            hits += Exact(rows, metric, query, 10, 0, null).Count(x => found.Contains(x.Id));
            scanned += search.Statistics.Codes;
        }

        Assert.InRange((double)hits / (Queries * 10), 0.94, 1);
        Assert.True(scanned < Queries * 5_000L, "some lists are left out");
    }

    [Fact]
    public void What_forks_of_a_search_find_is_what_one_search_finds()
    {
        ArrayVectorRows[] rows = [Rows(4_200, 12, 1), Rows(4_500, 12, 2), Rows(40, 12, 3)];
        VectorPart[] parts = Array.ConvertAll(rows, row => Build(row, Metric.L2));
        float[] query = Rows(1, 12, 50).Row(0).ToArray();
        foreach (float bound in (float[])[float.NaN, 12])
        {
            VectorSearch Begin() => float.IsNaN(bound)
                ? new VectorSearch(Metric.L2, query, 10)
                : VectorSearch.Within(Metric.L2, query, bound);
            using VectorSearch one = Begin();
            using VectorSearch joined = Begin();
            CoveredRange[] ranges = [.. parts.Select((part, i) => new CoveredRange(
                new IndexedRange(0, 1, part, rows[i]), 10_000 * i, null, VectorDial.Full))];
            foreach (CoveredRange range in ranges)
            {
                range.Run(one, 0);
            }

            for (int share = 0; share < 3; share++)
            {
                using VectorSearch fork = joined.Fork(share, 3);
                for (int i = 0; i < ranges.Length; i++)
                {
                    ranges[i].Run(fork, i);
                }

                Assert.True(fork.Statistics.Lists > 10);
                joined.Join(fork);
            }

            Assert.Equal(one.Heap.ToSortedArray(), joined.Heap.ToSortedArray());
            Assert.Equal(one.Hits.Order(), joined.Hits.Order());
            Assert.Equal(one.Statistics.Codes, joined.Statistics.Codes);
            Assert.True(one.Heap.Count + one.Hits.Count >= 10);
        }
    }

    [Fact]
    public void Searches_that_use_memory_again_find_what_fresh_ones_find()
    {
        ArrayVectorRows rows = Rows(4_200, 12, 1);
        VectorPart part = Build(rows, Metric.L2);
        var fresh = new List<Candidate[]>();
        for (int i = 0; i < 20; i++)
        {
            var search = new VectorSearch(Metric.L2, rows.Row(i), 5);
            search.Run(part, rows, 0, null, VectorDial.Full);
            fresh.Add(search.Heap.ToSortedArray());
        }

        for (int i = 0; i < 20; i++)
        {
            using var outer = new VectorSearch(Metric.L2, rows.Row(i), 5);
            using (var inner = new VectorSearch(Metric.InnerProduct, new float[3], 7))
            {
                Assert.True(inner.IsRankable);
            }

            outer.Run(part, rows, 0, null, VectorDial.Full);
            Assert.Equal(fresh[i], outer.Heap.ToSortedArray());
            outer.Dispose();
            outer.Dispose();
        }
    }

    [Fact]
    public void A_search_for_one_row_goes_as_far_as_one_for_ten()
    {
        ArrayVectorRows rows = Rows(5_000, 16, 1);
        VectorPart part = Build(rows, Metric.L2);
        var dial = new VectorDial(0.2f, 4) { MissingMax = float.PositiveInfinity };
        ArrayVectorRows queries = Rows(20, 16, 99);
        for (int i = 0; i < queries.Count; i++)
        {
            using var one = new VectorSearch(Metric.L2, queries.Row(i), 1);
            one.Run(part, rows, 0, null, dial);
            using var ten = new VectorSearch(Metric.L2, queries.Row(i), 10);
            ten.Run(part, rows, 0, null, dial);
            Assert.InRange(one.Statistics.Lists, ten.Statistics.Lists, part.ListCount - 1);
            Assert.InRange(one.Statistics.Reranked, 1, ten.Statistics.Reranked);
            Assert.Equal(ten.Heap.ToSortedArray()[0], Assert.Single(one.Heap.ToSortedArray()));
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(50)]
    [InlineData(700)]
    public void As_many_rows_come_back_as_pass_the_filter_up_to_k(int step)
    {
        ArrayVectorRows rows = Rows(4_200, 12, 1);
        VectorPart part = VectorCalibrator.Calibrate(
            Workers, Build(rows, Metric.L2), rows, 0.9, 1, CancellationToken.None);
        var filter = new EveryNth(step);
        float[] query = rows.Row(1).ToArray();
        var search = new VectorSearch(Metric.L2, query, 20);
        search.Run(part, rows, 0, filter, part.Dial);
        Candidate[] found = search.Heap.ToSortedArray();
        Assert.Equal(Math.Min(20, (4_200 + step - 1) / step), found.Length);
        Assert.All(found, candidate => Assert.Equal(0, candidate.Id % step));
    }

    [Fact]
    public void Vectors_without_direction_or_beyond_single_precision_are_answered_exactly()
    {
        float[] vectors = Rows(200, 8, 1).Row(0).ToArray();
        var all = new float[200 * 8];
        for (int i = 0; i < 200; i++)
        {
            Rows(200, 8, 1).Row(i).CopyTo(all.AsSpan(i * 8));
        }

        all.AsSpan(8, 8).Clear();
        all.AsSpan(16, 8).Fill(1e19f);
        all[24] = float.NaN;
        all[32] = float.PositiveInfinity;
        var rows = new ArrayVectorRows(all, 8, 8);
        foreach (Metric metric in new[] { Metric.L2, Metric.Cosine, Metric.InnerProduct })
        {
            VectorPart part = Build(rows, metric);
            var search = new VectorSearch(metric, vectors, 200);
            search.Run(part, rows, 0, null, VectorDial.Full);
            Assert.Equal(
                Exact(rows, metric, vectors, 200, 0, null), search.Heap.ToSortedArray());
        }
    }

    [Fact]
    public void A_part_is_the_same_on_any_number_of_threads()
    {
        ArrayVectorRows rows = Rows(4_200, 8, 1);
        VectorPart one = VectorPartBuilder.Build(
            new SystemWorkers(1), rows, new VectorIndexOptions(Metric.L2), default);
        VectorPart many = VectorPartBuilder.Build(
            new SystemWorkers(4), rows, new VectorIndexOptions(Metric.L2), default);
        Assert.Equal(one.ListCount, many.ListCount);
        for (int i = 0; i < one.ListCount; i++)
        {
            Assert.Equal(one.List(i).Ordinals, many.List(i).Ordinals);
            Assert.True(one.List(i).Blocks.Span.SequenceEqual(many.List(i).Blocks.Span));
        }
    }

    [Fact]
    public void An_index_without_rows_finds_nothing()
    {
        var rows = new ArrayVectorRows(Array.Empty<float>(), 4, 4);
        VectorPart part = VectorCalibrator.Calibrate(
            Workers, Build(rows, Metric.L2), rows, 0.99, 1, CancellationToken.None);
        var search = new VectorSearch(Metric.L2, new float[4], 3);
        search.Run(part, rows, 0, null, part.Dial);
        Assert.Equal(0, search.Heap.Count);
    }

    private static Metric MetricOf(int number) =>
        number == 0 ? Metric.L2 : number == 1 ? Metric.Cosine : Metric.InnerProduct;

    private static VectorPart Build(VectorRows rows, Metric metric) =>
        VectorPartBuilder.Build(Workers, rows, new VectorIndexOptions(metric), default);

    private static Candidate[] Exact(
        ArrayVectorRows rows, Metric metric, float[] query, int k, long firstId,
        CandidateFilter? filter)
    {
        var heap = new TopKHeap(k);
        for (int i = 0; i < rows.Count; i++)
        {
            if (filter is null || filter.Passes(i))
            {
                float rank = metric switch
                {
                    Metric.L2 => SquaredEuclidean.Compute(rows.Row(i), query),
                    Metric.Cosine => CosineDistance.Compute(rows.Row(i), query),
                    _ => -Dot.Compute(rows.Row(i), query),
                };
                heap.TryAdd(rank, firstId + i);
            }
        }

        return heap.ToSortedArray();
    }

    private static ArrayVectorRows Rows(int count, int dimension, ulong seed)
    {
        var centres = new SeededRandomSource(12345);
        var random = new SeededRandomSource(seed);
        float[] grid = [.. Enumerable.Range(0, 40 * dimension).Select(_ => Uniform(centres) * 2)];
        var vectors = new float[count * dimension];
        for (int row = 0; row < count; row++)
        {
            int centre = (int)(random.NextUInt64() % 40) * dimension;
            for (int i = 0; i < dimension; i++)
            {
                vectors[(row * dimension) + i] = grid[centre + i] + Uniform(random);
            }
        }

        return new ArrayVectorRows(vectors, dimension, dimension);
    }

    private static float Uniform(SeededRandomSource random) =>
        ((int)(random.NextUInt64() >> 40) / (float)(1 << 23)) - 1;

    /// <summary>Every so-manieth row.</summary>
    private sealed class EveryNth(int step) : CandidateFilter
    {
        public override bool Passes(int ordinal) => ordinal % step == 0;
    }
}
