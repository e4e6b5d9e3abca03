using NeuroDb.Gpu;
using NeuroDb.Storage;
using static NeuroDb.Tests.Unit.StorageFixture;

namespace NeuroDb.Tests.Unit;

/// <summary>Parts of an index that are made of parts that know most of the rows.</summary>
public sealed class VectorPartExtenderTests
{
    private const int Dimension = 12;
    private static readonly SystemWorkers Workers = new(2);

    private static readonly TableSchema Items = new()
    {
        Name = "items",
        Columns =
        [
            new ColumnSchema("id", DataType.BigInt),
            new ColumnSchema("vec", DataType.VectorOf(Dimension)),
        ],
    };

    [Theory]
    [InlineData("l2")]
    [InlineData("cosine")]
    [InlineData("ip")]
    public void Rows_that_are_added_are_found_as_if_all_were_indexed_at_once(string measure)
    {
        _ = VectorIndexOptions.TryParse(measure, out Metric metric);
        float[] all = Vectors(20_000, 1);
        var options = new VectorIndexOptions(metric);
        VectorPart part = Calibrated(options, Rows(all, 5_000));
        foreach (int count in new[] { 8_000, 14_000, 20_000 })
        {
            VectorPart? grown = VectorPartExtender.TryExtend(
                Workers, part, null, Rows(all, count), options, default);
            Assert.NotNull(grown);
            Assert.Equal(part.Dial, grown.Dial);
            CheckWhole(grown, Rows(all, count), metric);
            part = Calibrated(options, Rows(all, count), grown);
        }

        Assert.InRange(part.ListCount, 100, 250);
        int largest = Enumerable.Range(0, part.ListCount).Max(i => part.List(i).Count);
        Assert.InRange(largest, 1, 4 * 20_000 / part.ListCount);
        Assert.InRange(RecallOf(part, Rows(all, 20_000), metric), 0.985, 1);
    }

    [Fact]
    public void A_few_more_rows_leave_the_recall_what_it_was()
    {
        float[] all = Vectors(20_000, 8);
        var options = new VectorIndexOptions(Metric.L2);
        VectorPart part = Calibrated(options, Rows(all, 17_000));
        VectorPart? grown = VectorPartExtender.TryExtend(
            Workers, part, null, Rows(all, 20_000), options, default);
        Assert.NotNull(grown);
        Assert.InRange(RecallOf(grown, Rows(all, 20_000), Metric.L2), 0.985, 1);
    }

    [Fact]
    public void Rows_that_are_as_they_were_stay_in_lists_of_any_size()
    {
        float[] all = Vectors(6_000, 9);
        all.AsSpan(0, 3_000 * Dimension).Fill(1);
        var options = new VectorIndexOptions(Metric.L2);
        VectorPart part = Calibrated(options, Rows(all, 6_000));
        VectorPart? again = VectorPartExtender.TryExtend(
            Workers, part, null, Rows(all, 6_000), options, default);
        Assert.NotNull(again);
        Assert.Equal(0, again.UncheckedRowCount);
        Assert.Equal(part.ListSizes.Order(), again.ListSizes.Order());
    }

    [Fact]
    public void What_changed_since_the_recall_was_known_is_counted()
    {
        float[] all = Vectors(9_000, 10);
        var options = new VectorIndexOptions(Metric.L2) { ListCount = 80 };
        VectorPart part = Calibrated(options, Rows(all, 8_000));
        int[] places = [.. Enumerable.Range(0, 8_000).Select(static i => i < 100 ? -1 : i)];
        VectorPart? changed = VectorPartExtender.TryExtend(
            Workers, part, places, Rows(all, 9_000), options, default);
        Assert.NotNull(changed);
        Assert.Equal(100 + 100 + 1_000, changed.UncheckedRowCount);
        Assert.Equal(8_000, changed.CalibratedRowCount);
        Assert.Equal(0, changed.Checked().UncheckedRowCount);
    }

    [Fact]
    public void A_dial_that_does_not_go_far_enough_is_told_by_few_queries()
    {
        ArrayVectorRows rows = Rows(Vectors(8_000, 11), 8_000);
        var options = new VectorIndexOptions(Metric.L2);
        VectorPart part = Calibrated(options, rows);
        VectorPart? same = Check(part.Dial);
        Assert.NotNull(same);
        Assert.Equal(part.Dial, same.Dial);
        var near = new VectorDial(0.01f, part.Dial.Confidence, MissingMax: 1);
        VectorPart? farther = Check(near);
        Assert.NotNull(farther);
        Assert.NotEqual(near, farther.Dial);
        Assert.InRange(RecallOf(farther, rows, Metric.L2), 0.98, 1);
        Assert.Equal(part.CalibratedRowCount, farther.CalibratedRowCount);

        VectorPart? Check(VectorDial dial) => VectorCalibrator.TryCheck(
            Workers, part.Turned(dial), rows, options.TargetRecall, options.Seed, default);
    }

    [Fact]
    public void Rows_that_are_gone_or_elsewhere_take_their_codes_along()
    {
        float[] all = Vectors(9_000, 2);
        var options = new VectorIndexOptions(Metric.L2);
        VectorPart part = Calibrated(options, Rows(all, 9_000));
        int[] kept = [.. Enumerable.Range(0, 9_000).Where(static i => i % 3 != 0 && i < 7_500)];
        var places = new int[9_000];
        places.AsSpan().Fill(-1);
        float[] fresh = Vectors(1_000, 3);
        var moved = new float[(1_000 + kept.Length) * Dimension];
        for (int i = 0; i < kept.Length; i++)
        {
            places[kept[i]] = 1_000 + i;
            all.AsSpan(kept[i] * Dimension, Dimension).CopyTo(
                moved.AsSpan((1_000 + i) * Dimension));
        }

        fresh.CopyTo(moved, 0);
        ArrayVectorRows rows = Rows(moved, 1_000 + kept.Length);
        VectorPart? small = VectorPartExtender.TryExtend(
            Workers, part, places, rows, options, default);
        Assert.NotNull(small);
        CheckWhole(small, rows, Metric.L2);
    }

    [Fact]
    public void Codes_of_other_rows_are_not_taken_over()
    {
        var options = new VectorIndexOptions(Metric.L2);
        VectorPart part = Calibrated(options, Rows(Vectors(5_000, 4), 5_000));
        Assert.Null(VectorPartExtender.TryExtend(
            Workers, part, null, Rows(Vectors(6_000, 5), 6_000), options, default));
    }

    [Fact]
    public void Equal_rows_and_rows_without_a_code_stay_where_they_are()
    {
        var all = new float[12_000 * Dimension];
        all.AsSpan(6_000 * Dimension).Fill(3);
        all.AsSpan(100 * Dimension, Dimension).Fill(float.NaN);
        all.AsSpan(7_000 * Dimension, Dimension).Fill(1e30f);
        var options = new VectorIndexOptions(Metric.L2);
        VectorPart part = Calibrated(options, Rows(all, 5_000));
        VectorPart? grown = VectorPartExtender.TryExtend(
            Workers, part, null, Rows(all, 12_000), options, default);
        Assert.NotNull(grown);
        Assert.Equal([100, 7_000], grown.Unlisted);
        Assert.Equal(11_998, grown.RowCount);
        var search = new VectorSearch(Metric.L2, new float[Dimension], 10);
        search.Run(grown, Rows(all, 12_000), 0, null, grown.Dial);
        Assert.All(search.Heap.ToSortedArray(), static found => Assert.Equal(0, found.Distance));
    }

    [Fact]
    public void The_number_of_threads_does_not_change_a_part_that_is_extended()
    {
        float[] all = Vectors(12_000, 6);
        var options = new VectorIndexOptions(Metric.L2);
        VectorPart known = Calibrated(options, Rows(all, 5_000));
        VectorPart one = Extend(new SystemWorkers(1));
        VectorPart many = Extend(new SystemWorkers(4));
        Assert.Equal(one.ListCount, many.ListCount);
        for (int i = 0; i < one.ListCount; i++)
        {
            Assert.Equal(one.List(i).Ordinals, many.List(i).Ordinals);
            Assert.True(one.List(i).Blocks.Span.SequenceEqual(many.List(i).Blocks.Span));
        }

        VectorPart Extend(SystemWorkers workers) => VectorPartExtender.TryExtend(
            workers, known, null, Rows(all, 12_000), options, default)!;
    }

    [Fact]
    public void A_segment_takes_over_the_codes_of_rows_that_were_in_memory()
    {
        using var files = new SealingFixture();
        using StorageEngine engine = InMemory();
        using StorageTransaction maker = engine.Begin();
        TableEntry table = maker.CreateTable(Items);
        maker.Commit(Durability.Full);
        float[] all = Vectors(13_000, 7);
        Insert(engine, table, all, 0, 9_000);
        using StorageTransaction definer = engine.Begin();
        IndexEntry entry = definer.CreateIndex(new IndexSchema
        {
            Id = 0,
            Name = "items_vec",
            TableId = table.Id,
            Kind = IndexKind.Vector,
            Columns = [new IndexColumn(1, false, false, "vector_l2_ops")],
            Options = [],
        });
        definer.Commit(Durability.Full);
        VectorPart before = Assert.Single(PartsOf(engine, entry, table));
        Insert(engine, table, all, 9_000, 4_000);
        files.Seal(engine);
        VectorPart after = Assert.Single(PartsOf(engine, entry, table));
        Assert.Equal(13_000, after.RowCount);
        int same = Enumerable.Range(0, before.ListCount).Count(
            i => Enumerable.Range(0, after.ListCount).Any(
                j => before.Centroids.Centroid(i).SequenceEqual(after.Centroids.Centroid(j))));
        Assert.InRange(same, before.ListCount / 3, before.ListCount);
        CheckWhole(after, Rows(all, 13_000), Metric.L2);
    }

    private static List<VectorPart> PartsOf(
        StorageEngine engine, IndexEntry entry, TableEntry table)
    {
        using StorageTransaction reader = engine.Begin();
        VectorIndex index = reader.VectorIndexOf(entry);
        index.Build(default);
        return [.. index.RangesOf(reader.Open(table)).Select(static range => range.Part)];
    }

    private static void Insert(
        StorageEngine engine, TableEntry table, float[] all, int first, int count)
    {
        using StorageTransaction writer = engine.Begin();
        writer.Insert(table, Batch(Items,
        [
            .. Enumerable.Range(first, count).Select(i => new[]
            {
                Value.Of((long)i), Value.Of(all.AsMemory(i * Dimension, Dimension)),
            }),
        ]));
        writer.Commit(Durability.Full);
    }

    /// <summary>Every row is in one list, and going through all lists is exact.</summary>
    private static void CheckWhole(VectorPart part, ArrayVectorRows rows, Metric metric)
    {
        int[] ordinals =
            [.. Enumerable.Range(0, part.ListCount).SelectMany(i => part.List(i).Ordinals)];
        Assert.Equal(Enumerable.Range(0, rows.Count), ordinals.Order());
        float[] queries = Vectors(20, 99);
        for (int i = 0; i < 20; i++)
        {
            float[] query = queries[(i * Dimension)..((i + 1) * Dimension)];
            Assert.Equal(
                Exact(rows, metric, query), Found(part, rows, metric, query, VectorDial.Full));
        }
    }

    private static double RecallOf(VectorPart part, ArrayVectorRows rows, Metric metric)
    {
        float[] queries = Vectors(200, 98);
        int hits = 0;
        for (int i = 0; i < 200; i++)
        {
            float[] query = queries[(i * Dimension)..((i + 1) * Dimension)];
            hits += Exact(rows, metric, query)
                .Intersect(Found(part, rows, metric, query, part.Dial)).Count();
        }

        return hits / 2000.0;
    }

    private static long[] Found(
        VectorPart part, VectorRows rows, Metric metric, float[] query, VectorDial dial)
    {
        using var search = new VectorSearch(metric, query, 10);
        search.Run(part, rows, 0, null, dial);
        return [.. search.Heap.ToSortedArray().Select(static found => found.Id)];
    }

    private static long[] Exact(ArrayVectorRows rows, Metric metric, float[] query)
    {
        using var search = new VectorSearch(metric, query, 10);
        search.RankAll([.. Enumerable.Range(0, rows.Count)], rows, 0, null);
        return [.. search.Heap.ToSortedArray().Select(static found => found.Id)];
    }

    private static VectorPart Calibrated(
        VectorIndexOptions options, ArrayVectorRows rows, VectorPart? made = null) =>
        VectorCalibrator.Calibrate(
            Workers,
            made ?? VectorPartBuilder.Build(Workers, rows, options, default),
            rows,
            options.TargetRecall,
            options.Seed,
            default);

    private static ArrayVectorRows Rows(float[] all, int count) =>
        new(all.AsMemory(0, count * Dimension), Dimension, Dimension);

    private static float[] Vectors(int count, ulong seed)
    {
        var centres = new Random(12345);
        var random = new Random((int)seed);
        float[] grid =
            [.. Enumerable.Range(0, 60 * Dimension).Select(_ => centres.NextSingle() * 4)];
        var vectors = new float[count * Dimension];
        for (int row = 0; row < count; row++)
        {
            int centre = random.Next(60) * Dimension;
            for (int i = 0; i < Dimension; i++)
            {
                vectors[(row * Dimension) + i] = grid[centre + i] + random.NextSingle();
            }
        }

        return vectors;
    }
}
