using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// The recall that is promised, on data that no index likes: copies, tight clusters, axes, zeros,
/// a curve, rows of very different lengths; and for queries unlike the rows.
/// </summary>
public sealed class VectorRecallContractTests
{
    private const int Dimension = 48;
    private const int RowCount = 6_000;
    private const int QueryCount = 150;
    private const int NearestCount = 10;
    private static readonly SystemWorkers Workers = new(2);

    public static TheoryData<string> Sets => ["copies", "clusters", "axes", "zeros", "curve",
        "lengths", "noise"];

    [Theory]
    [MemberData(nameof(Sets))]
    public void The_target_is_met_on_rows_like_those_of_the_table(string set)
    {
        float[] rows = Make(set, RowCount, 1);
        Assert.InRange(RecallOf(rows, Make(set, QueryCount, 2)), 0.985, 1);
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
        var rows = new ArrayVectorRows(vectors, Dimension, Dimension);
        var options = new VectorIndexOptions(Metric.L2);
        VectorPart part = VectorCalibrator.Calibrate(
            Workers,
            VectorPartBuilder.Build(Workers, rows, options, default),
            rows,
            options.TargetRecall,
            options.Seed,
            default);
        int hits = 0;
        for (int i = 0; i < QueryCount; i++)
        {
            ReadOnlySpan<float> query = queries.AsSpan(i * Dimension, Dimension);
            using var exact = new VectorSearch(Metric.L2, query, NearestCount);
            exact.RankAll([.. Enumerable.Range(0, rows.Count)], rows, 0, null);
            double bound = exact.Heap.ToSortedArray()[^1].Distance;
            using var search = new VectorSearch(Metric.L2, query, NearestCount);
            search.Run(part, rows, 0, null, part.Dial);
            hits += search.Heap.ToSortedArray().Count(found => found.Distance <= bound);
        }

        return (double)hits / (QueryCount * NearestCount);
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
                    "curve" => MathF.Sin((at * 20) + i),
                    "lengths" => scale * (shape + Number(random)),
                    _ => Number(random),
                };
            }
        }

        return vectors;
    }

    private static float Number(Random random) => (random.NextSingle() * 2) - 1;
}
