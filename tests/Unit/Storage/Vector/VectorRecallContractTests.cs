using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// The recall that is promised, on data that no index likes: copies, tight clusters, axes, zeros,
/// a curve, rows of very different lengths, rows far from the origin and all alike in most
/// dimensions, one row far from all others, heavy tails, equal lengths; for one neighbour and for
/// many; and for queries unlike the rows.
/// </summary>
public sealed class VectorRecallContractTests
{
    private const int Dimension = 48;
    private const int RowCount = 6_000;
    private const int QueryCount = 150;
    private const int NearestCount = 10;
    private static readonly SystemWorkers Workers = new(2);

    // The first list only.
    private static readonly VectorDial Nearest = new(1e-6f, 6)
    {
        MissingMax = float.PositiveInfinity,
    };

    public static TheoryData<string> Sets => ["copies", "clusters", "axes", "zeros", "curve",
        "lengths", "noise", "offset", "outlier", "tails", "sphere"];

    [Theory]
    [MemberData(nameof(Sets))]
    public void The_target_is_met_on_rows_like_those_of_the_table(string set)
    {
        float[] rows = Make(set, RowCount, 1);
        Assert.InRange(RecallOf(rows, Make(set, QueryCount, 2)), 0.985, 1);
    }

    [Theory]
    [InlineData("noise", 0.9)]
    [InlineData("sphere", 0.99)]
    [InlineData("offset", 0.95)]
    [InlineData("clusters", 0.99)]
    [InlineData("tails", 0.95)]
    public void The_target_is_met_for_one_neighbour_and_for_a_hundred(string set, double target)
    {
        VectorPart part = Calibrate(Make(set, RowCount, 1), Metric.L2, target, out var rows);
        float[] queries = Make(set, QueryCount, 2);
        foreach (int count in (int[])[1, 10, 100])
        {
            Assert.InRange(RecallOf(part, rows, queries, count), target - 0.005, 1);
        }
    }

    [Theory]
    [InlineData("noise")]
    [InlineData("sphere")]
    [InlineData("clusters")]
    [InlineData("tails")]
    [InlineData("offset")]
    [InlineData("sizes")]
    public void Inner_products_meet_the_target_in_directions_unlike_the_rows(string set)
    {
        VectorPart part = Calibrate(
            Make(set, RowCount, 1), Metric.InnerProduct, 0.95, out var rows);
        foreach (string asked in (string[])[set, "noise"])
        {
            float[] queries = Make(asked, QueryCount, 3);
            Assert.InRange(RecallOf(part, rows, queries, 1), 0.945, 1);
            Assert.InRange(RecallOf(part, rows, queries, NearestCount), 0.945, 1);
        }
    }

    [Theory]
    [InlineData("noise")]
    [InlineData("clusters")]
    [InlineData("curve")]
    [InlineData("outlier")]
    public void The_target_is_met_far_outside_of_the_rows(string set)
    {
        VectorPart part = Calibrate(Make(set, RowCount, 1), Metric.L2, 0.99, out var rows);
        float[] queries = Make(set, QueryCount, 2);
        float[] far = Array.ConvertAll(queries, static element => 20 * element);
        Assert.InRange(RecallOf(part, rows, far, NearestCount), 0.985, 1);
        Assert.InRange(RecallOf(part, rows, far, 100), 0.985, 1);
    }

    [Fact]
    public void The_target_is_met_for_queries_of_few_elements()
    {
        VectorPart part = Calibrate(
            Make("sparse", RowCount, 1), Metric.InnerProduct, 0.99, out var rows);
        Assert.InRange(
            RecallOf(part, rows, Make("single", QueryCount, 2), NearestCount), 0.985, 1);
    }

    [Fact]
    public void The_target_is_met_amid_rows_where_many_lists_are_about_equally_near()
    {
        VectorPart part = Calibrate(Make("sparse", RowCount, 1), Metric.L2, 0.99, out var rows);
        Assert.InRange(RecallOf(part, rows, Make("single", QueryCount, 2), 100), 0.985, 1);
    }

    [Fact]
    public void The_target_is_met_where_the_codes_of_a_list_are_all_the_same()
    {
        VectorPart part = Calibrate(Make("line", RowCount, 1), Metric.L2, 0.99, out var rows);
        float[] queries = Make("line", 2 * QueryCount, 2);
        float[] between =
        [
            .. queries.Take(queries.Length / 2)
                .Zip(queries.Skip(queries.Length / 2), static (a, b) => (a + b) / 2),
        ];
        Assert.InRange(RecallOf(part, rows, between, NearestCount), 0.985, 1);
    }

    [Fact]
    public void The_target_is_met_where_neighbours_are_spread_over_all_lists()
    {
        VectorPart part = Calibrate(
            Make("sparse", RowCount, 1), Metric.Cosine, 0.99, out var rows);
        Assert.InRange(RecallOf(part, rows, Make("single", QueryCount, 2), 100), 0.985, 1);
    }

    [Fact]
    public void The_target_is_met_where_errors_of_codes_are_large_beside_differences_of_ranks()
    {
        VectorPart part = Calibrate(
            Make("offset", RowCount, 1), Metric.Cosine, 0.99, out var rows);
        float[] opposite = Array.ConvertAll(
            Make("offset", QueryCount, 2), static element => -element);
        Assert.InRange(RecallOf(part, rows, opposite, NearestCount), 0.985, 1);
    }

    [Theory]
    [InlineData(nameof(Metric.L2))]
    [InlineData(nameof(Metric.Cosine))]
    [InlineData(nameof(Metric.InnerProduct))]
    public void Queries_that_find_rows_where_no_row_does_go_through_all_lists(string name)
    {
        Metric metric = Enum.Parse<Metric>(name);
        VectorPart part = Calibrate(Make("axes", RowCount, 1), metric, 0.9, out var rows);
        float[] queries = Make("noise", QueryCount, 2);
        Assert.Equal(1, RecallOf(part, rows, queries, 1), 0.005);
        Assert.Equal(1, RecallOf(part, rows, queries, NearestCount), 0.005);
        using var search = new VectorSearch(metric, queries.AsSpan(0, Dimension), 1);
        search.Run(part, rows, 0, null, part.Dial);
        Assert.True(search.Statistics.Codes >= part.RowCount);
    }

    [Fact]
    public void Rows_that_single_precision_does_not_tell_apart_are_told_apart()
    {
        VectorPart part = Calibrate(
            Make("curve", RowCount, 1), Metric.InnerProduct, 0.99, out var rows);
        float[] queries = Make("curve", QueryCount, 2);
        int found = 0;
        for (int i = 0; i < QueryCount; i++)
        {
            float[] query = queries[(i * Dimension)..((i + 1) * Dimension)];
            double best = Enumerable.Range(0, rows.Count)
                .Max(row => DoubleSums.Product(rows.Row(row), query));
            using var search = new VectorSearch(Metric.InnerProduct, query, 1);
            search.Run(part, rows, 0, null, part.Dial);
            int first = (int)search.ToResult()[0].Id;
            found += DoubleSums.Product(rows.Row(first), query) == best ? 1 : 0;
        }

        Assert.InRange(found, QueryCount - 1, QueryCount);
    }

    [Fact]
    public void A_search_that_came_to_one_list_looks_whether_a_second_one_is_near()
    {
        const int Grouped = 1_000;
        const int Apart = 40;
        var random = new Random(5);
        var vectors = new float[(Grouped + Apart) * Dimension];
        for (int row = 0; row < Grouped + Apart; row++)
        {
            Span<float> vector = vectors.AsSpan(row * Dimension, Dimension);
            foreach (ref float element in vector)
            {
                element = 0.01f * Number(random);
            }

            vector[0] += row < Grouped ? 0 : 6;
            vector[1] += row < Grouped ? 0 : row % 2 == 0 ? 2 : -2;
        }

        var rows = new ArrayVectorRows(vectors, Dimension, Dimension);
        var options = new VectorIndexOptions(Metric.L2) { ListCount = 2 };
        VectorPart part = VectorPartBuilder.Build(Workers, rows, options, default);
        var query = new float[Dimension];
        query[0] = 2.7f;
        query[1] = 6;
        using var search = new VectorSearch(Metric.L2, query, 1);
        search.Run(part, rows, 0, null, new VectorDial(0.01f, 6));
        Assert.InRange(search.ToResult()[0].Id, Grouped, Grouped + Apart);
    }

    [Fact]
    public void What_rows_have_in_common_costs_no_comparisons()
    {
        float[] near = Make("noise", RowCount, 1);
        float[] far = Array.ConvertAll(near, static element => element + 1000);
        Assert.InRange(ComparedWith(far, 1000), 1, 2 * ComparedWith(near, 0));

        static long ComparedWith(float[] vectors, float shift)
        {
            VectorPart part = Calibrate(vectors, Metric.L2, 0.95, out var rows);
            float[] query = Array.ConvertAll(Make("noise", 1, 2), element => element + shift);
            using var search = new VectorSearch(Metric.L2, query, NearestCount);
            search.Run(part, rows, 0, null, part.Dial);
            return search.Statistics.Reranked;
        }
    }

    [Fact]
    public void Rows_are_found_by_themselves_under_the_inner_product_without_any_reach()
    {
        VectorPart part = Calibrate(
            Make("words", RowCount, 1), Metric.InnerProduct, 0.9, out var rows)
            .Turned(Nearest);
        int wanted = 0;
        int found = 0;
        for (int row = 0; row < RowCount; row += 20)
        {
            float[] query = rows.Row(row).ToArray();
            double best = Enumerable.Range(0, RowCount).Where(other => other != row)
                .Max(other => DoubleSums.Product(rows.Row(other), query));
            if (DoubleSums.Product(query, query) > best)
            {
                using var search = new VectorSearch(Metric.InnerProduct, query, 1);
                search.Run(part, rows, 0, null, part.Dial);
                wanted++;
                found += search.Heap.ToSortedArray()[0].Id == row ? 1 : 0;
            }
        }

        Assert.InRange(wanted, 20, RowCount);
        Assert.Equal(wanted, found);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void The_target_is_met_within_a_little_on_queries_unlike_the_rows(string set)
    {
        float[] rows = Make(set, RowCount, 1);
        float[] queries = Make("noise", QueryCount, 3);
        for (int i = 0; i < queries.Length; i++)
        {
            queries[i] = (3 * queries[i]) + 1;
        }

        Assert.InRange(RecallOf(rows, queries), 0.98, 1);
    }

    private static double RecallOf(float[] vectors, float[] queries)
    {
        VectorPart part = Calibrate(vectors, Metric.L2, 0.99, out ArrayVectorRows rows);
        return RecallOf(part, rows, queries, NearestCount);
    }

    private static VectorPart Calibrate(
        float[] vectors, Metric metric, double target, out ArrayVectorRows rows)
    {
        rows = new ArrayVectorRows(vectors, Dimension, Dimension);
        var options = new VectorIndexOptions(metric);
        return VectorCalibrator.Calibrate(
            Workers,
            VectorPartBuilder.Build(Workers, rows, options, default),
            rows,
            target,
            options.Seed,
            default);
    }

    private static double RecallOf(
        VectorPart part, ArrayVectorRows rows, float[] queries, int count)
    {
        int hits = 0;
        for (int i = 0; i < QueryCount; i++)
        {
            ReadOnlySpan<float> query = queries.AsSpan(i * Dimension, Dimension);
            var distances = new double[rows.Count];
            for (int row = 0; row < distances.Length; row++)
            {
                distances[row] = Distance.Compute(part.Metric, rows.Row(row), query);
            }

            double bound = distances.Where(static distance => !double.IsNaN(distance)).Order()
                .ElementAt(count - 1);
            using var search = new VectorSearch(part.Metric, query, count);
            search.Run(part, rows, 0, null, part.Dial);
            hits += search.Heap.ToSortedArray().Count(
                found => distances[found.Id] <= bound + (1e-7 * Math.Abs(bound)));
        }

        return (double)hits / (QueryCount * count);
    }

    private static float[] Make(string set, int count, int seed)
    {
        var random = new Random(seed);
        var shared = new Random(77);
        float[] pool = [.. Enumerable.Range(0, 120 * Dimension).Select(_ => Number(shared))];
        var vectors = new float[count * Dimension];
        for (int row = 0; row < count; row++)
        {
            Span<float> vector = vectors.AsSpan(row * Dimension, Dimension);
            int picked = random.Next(120);
            float at = random.NextSingle();
            float scale = MathF.Pow(10, random.Next(-3, 4));
            for (int i = 0; i < Dimension; i++)
            {
                float shape = pool[(picked * Dimension) + i];
                vector[i] = set switch
                {
                    "copies" => shape,
                    "clusters" => shape + (0.001f * Number(random)),
                    "axes" => i == picked % Dimension ? 1 : 0,
                    "zeros" => 0,
                    "line" => pool[i] * at * at,
                    "words" => random.NextSingle() < at / (1 + i)
                        ? 1 + random.NextSingle()
                        : 0,
                    "curve" => MathF.Sin((at * 20) + i),
                    "lengths" => scale * (shape + Number(random)),
                    "offset" => 500 + (10 * i) + (i < 12 ? Number(random) : 0),
                    "outlier" => row == 77 && count == RowCount ? 1e6f : Number(random),
                    "sizes" => (row % 2 == 0 ? 1 : 1000) * Number(random),
                    "sparse" => random.Next(16) == 0 ? random.NextSingle() : 0,
                    "single" => i == picked % Dimension ? 1 + Number(random) : 0,
                    "tails" => Number(random) / (0.001f + MathF.Abs(Number(random))),
                    _ => Number(random),
                };
            }

            if (set == "sphere")
            {
                VectorSum.Normalize(vector, vector);
            }
        }

        return vectors;
    }

    private static float Number(Random random) => (random.NextSingle() * 2) - 1;
}
