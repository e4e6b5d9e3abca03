using NeuroDb.Gpu;
using NeuroDb.Query;
using NeuroDb.Storage;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Searches through copies in bytes: the answer of the plain scan to the last tie, or none.
/// </summary>
public sealed class ScaledScanTests
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 33, 1 }, { 2, 64, 10 }, { 3, 100, 3 }, { 4, 40, 100 }, { 5, 7, 10 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_answer_is_that_of_the_plain_scan(int seed, int dimension, int k)
    {
        var random = new Random(seed);
        var certain = new Dictionary<Metric, int>();
        foreach (Metric metric in (Metric[])
            [Metric.L2, Metric.Cosine, Metric.InnerProduct, Metric.L1])
        {
            (VectorPiece, ScaledVectors)[] pieces = Pieces(random, dimension);
            for (int i = 0; i < 12; i++)
            {
                float[] query = Row(random, dimension, i % 4);
                Candidate[]? found = new ScaledScan(
                    new InlineWorkers(), metric, query, k, default).Run(pieces);
                if (found is not null)
                {
                    certain[metric] = certain.GetValueOrDefault(metric) + 1;
                    Assert.Equal(Plain(metric, query, k, pieces), found);
                }
            }
        }

        Assert.Equal(4, certain.Count);
        Assert.All(certain.Values, count => Assert.InRange(count, 4, 12));
    }

    [Fact]
    public void A_row_that_bytes_cannot_hold_beside_others_is_not_lost()
    {
        const int Dimension = 32;
        var random = new Random(9);
        float[][] rows = [.. Enumerable.Range(0, 4096).Select(_ => Row(random, Dimension, 0))];
        rows[77] = [.. rows[5].Select(static number => number * 1e-6f)];
        rows[78] = [.. rows[5].Select(static number => number * 1e12f)];
        (VectorPiece, ScaledVectors)[] pieces = [Piece(0, rows, [])];
        foreach (Metric metric in (Metric[])[Metric.L2, Metric.Cosine, Metric.InnerProduct])
        {
            Candidate[]? found = new ScaledScan(
                new InlineWorkers(), metric, rows[5], 3, default).Run(pieces);
            Assert.True(found is null || found.SequenceEqual(Plain(metric, rows[5], 3, pieces)));
        }
    }

    [Fact]
    public void Rows_without_a_scale_have_no_copy()
    {
        foreach (float element in (float[])[0, 1e-44f, float.MaxValue])
        {
            var store = new FloatVectorStore(DataType.VectorOf(2));
            Write(store, [[element, 0], [0, 0]]);
            ScaledVectors? scaled = ScaledVectors.Of(store, 2);
            Assert.True(scaled is null || scaled.ErrorMax <= scaled.Scale);
        }
    }

    private static Candidate[] Plain(
        Metric metric, float[] query, int k, (VectorPiece Piece, ScaledVectors)[] pieces) =>
        ParallelScan.Run<float, float>(
            new InlineWorkers(),
            metric,
            query,
            k,
            [.. pieces.Select(static item => new VectorBlock<float>(
                ((FloatVectorStore)item.Piece.Store).RowsOf(item.Piece.Count),
                item.Piece.Count,
                ((FloatVectorStore)item.Piece.Store).Stride,
                item.Piece.FirstId,
                item.Piece.Mask))],
            default);

    // Chunks of different scales, with ties, zero rows and rows that are left out.
    private static (VectorPiece, ScaledVectors)[] Pieces(Random random, int dimension)
    {
        var pieces = new List<(VectorPiece, ScaledVectors)>();
        for (int chunk = 0; chunk < 3; chunk++)
        {
            float[][] rows = [.. Enumerable.Range(0, 1500 + (chunk * 700)).Select(
                row => row % 50 == 9 ? new float[dimension] : Row(random, dimension, chunk))];
            for (int i = 100; i < 160; i++)
            {
                rows[i + 900] = rows[i];
            }

            ulong[] mask = chunk == 1 ? [] : new ulong[(rows.Length + 63) / 64];
            for (int row = 0; mask.Length > 0 && row < rows.Length; row++)
            {
                mask[row >> 6] |= random.Next(3) == 0 ? 0 : 1UL << row;
            }

            pieces.Add(Piece(chunk, rows, mask));
        }

        return [.. pieces];
    }

    private static (VectorPiece, ScaledVectors) Piece(int chunk, float[][] rows, ulong[] mask)
    {
        var store = new FloatVectorStore(DataType.VectorOf(rows[0].Length));
        Write(store, rows);
        var piece = new VectorPiece(
            store, rows.Length, (long)chunk * Limits.ChunkRowCount, mask, IsSettled: true);
        ScaledVectors? scaled = ScaledVectors.Of(store, rows.Length);
        Assert.NotNull(scaled);
        return (piece, scaled);
    }

    private static void Write(FloatVectorStore store, float[][] rows)
    {
        ReadOnlyMemory<float>[] values =
            [.. rows.Select(static row => new ReadOnlyMemory<float>(row))];
        store.Reserve(rows.Length);
        store.Write(0, new ColumnBuffer<ReadOnlyMemory<float>>(store.Type, values), 0, rows.Length);
    }

    private static float[] Row(Random random, int dimension, int style)
    {
        int centre = random.Next(6);
        var around = new Random(centre);
        return [.. Enumerable.Range(0, dimension).Select(_ => style switch
        {
            0 => (float)(around.NextDouble() + (random.NextDouble() / 4)),
            1 => (around.Next(3) * 20) + random.Next(4),
            2 => (float)((around.NextDouble() - 0.5) * 40) + random.Next(3),
            _ => (float)(random.NextDouble() - 0.5) * 8,
        })];
    }
}
