using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Self attention operator by operator, as programs write it, against the sums that it stands for.
/// </summary>
public sealed class AttentionGraphTests
{
    private const int Rows = 2;
    private const int Places = 3;
    private const int Channels = 4;
    private const int Heads = 2;
    private const int Depth = Channels / Heads;
    private const float Factor = 0.6f;

    private readonly float[][] _weights =
        [.. Enumerable.Range(0, 4).Select(static i =>
            LayerGradientTests.Numbers(Channels * Channels, 20 + i))];

    private readonly float[][] _biases =
        [.. Enumerable.Range(0, 4).Select(static i =>
            LayerGradientTests.Numbers(Channels, 30 + i))];

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void It_becomes_a_layer_that_gives_the_same(bool hasStepsFirst, bool hasOneProduct)
    {
        float[] rows = LayerGradientTests.Numbers(Rows * Places * Channels, 9);
        var model = (NetworkModel)OnnxImporter.Read(File(hasStepsFirst, hasOneProduct)).Model;
        Assert.Equal("residual(attention(2)), layer_norm, global_avgpool", model.Network.Text);
        var given = new float[Rows * Channels];
        model.Predict(rows, Rows, given);
        for (int row = 0; row < Rows; row++)
        {
            double[] expected = Expected(rows.AsSpan(row * Places * Channels, Places * Channels));
            for (int i = 0; i < Channels; i++)
            {
                Assert.Equal(expected[i], given[(row * Channels) + i], 1e-5);
            }
        }
    }

    [Fact]
    public void Scores_over_another_axis_are_no_attention()
    {
        NeuroStoreException error = Assert.ThrowsAny<NeuroStoreException>(
            () => OnnxImporter.Read(File(hasStepsFirst: false, hasOneProduct: false, axis: 1)));
        Assert.Equal(ErrorCode.NotSupported, error.Code);
    }

    private byte[] File(bool hasStepsFirst, bool hasOneProduct, long axis = -1)
    {
        var writer = new OnnxGraphWriter();
        string steps = hasStepsFirst ? writer.Transposed("x", 1, 0, 2) : "x";
        string count = writer.Node(
            "Gather",
            [writer.Node("Shape", [steps]), writer.Number(hasStepsFirst ? 1 : 0)],
            ("axis", 0L));
        string[] parts = hasOneProduct ? Together(writer, steps) : Apart(writer, steps);
        string heads = hasStepsFirst
            ? writer.Node("Mul", [count, writer.Number(Heads)]) : count;
        string sizes = writer.Node(
            "Concat",
            [
                .. hasStepsFirst ? new[] { writer.Row(Places) } : [],
                writer.Node("Unsqueeze", [heads, writer.Row(0)]),
                writer.Row([.. hasStepsFirst ? [Depth] : new long[] { Places, Heads, Depth }]),
            ],
            ("axis", 0L));
        string Dealt(int part, params long[] order) => writer.Transposed(
            writer.Node("Reshape", [parts[part], sizes]), order);
        string query = hasStepsFirst ? Dealt(0, 1, 0, 2) : Dealt(0, 0, 2, 1, 3);
        string key = hasStepsFirst ? Dealt(1, 1, 2, 0) : Dealt(1, 0, 2, 3, 1);
        string value = hasStepsFirst ? Dealt(2, 1, 0, 2) : Dealt(2, 0, 2, 1, 3);
        string scores = writer.Node(
            "Mul",
            [writer.Node("MatMul", [query, key]), writer.Constant([Factor], 1)]);
        string heard = writer.Node(
            "MatMul", [writer.Node("Softmax", [scores], ("axis", axis)), value]);
        string joined = hasStepsFirst
            ? writer.Reshaped(writer.Transposed(heard, 1, 0, 2), Places, -1, Channels)
            : writer.Reshaped(writer.Transposed(heard, 0, 2, 1, 3), 0, Places, Channels);
        string sum = writer.Node("Add", [steps, Product(writer, joined, 3)]);
        string normal = writer.Node(
            "LayerNormalization",
            [
                sum,
                writer.Constant([1, 1, 1, 1], Channels),
                writer.Constant(new float[Channels], Channels),
            ],
            ("axis", -1L),
            ("epsilon", 1e-5f));
        string mean = writer.Node(
            "ReduceMean", [normal], ("axes", new long[] { hasStepsFirst ? 0 : 1 }),
            ("keepdims", 0L));
        writer.Graph
            .Message(1, OnnxText.Node("Identity", [mean], "y"))
            .Text(2, "attention")
            .Message(11, OnnxText.Value("x", 1, Places, Channels))
            .Message(12, OnnxText.Value("y", 1, Channels));
        return OnnxText.File(writer.Graph);
    }

    private string[] Apart(OnnxGraphWriter writer, string steps) =>
        [Product(writer, steps, 0), Product(writer, steps, 1), Product(writer, steps, 2)];

    private string[] Together(OnnxGraphWriter writer, string steps)
    {
        var matrix = new float[3 * Channels * Channels];
        for (int i = 0; i < matrix.Length; i++)
        {
            int column = i % (3 * Channels);
            matrix[i] = _weights[column / Channels]
                [(i / (3 * Channels) * Channels) + (column % Channels)];
        }

        string all = writer.Node(
            "Add",
            [
                writer.Node(
                    "MatMul", [steps, writer.Constant(matrix, Channels, 3 * Channels)]),
                writer.Constant([.. _biases.Take(3).SelectMany(static it => it)], 3 * Channels),
            ]);
        string Part(int part) => writer.Node(
            "Slice",
            [
                all, writer.Row(part * Channels), writer.Row((part + 1) * Channels),
                writer.Row(-1),
            ]);
        return [Part(0), Part(1), Part(2)];
    }

    private string Product(OnnxGraphWriter writer, string value, int part) => writer.Node(
        "Add",
        [
            writer.Node("MatMul", [value, writer.Constant(_weights[part], Channels, Channels)]),
            writer.Constant(_biases[part], Channels),
        ]);

    private double[] Expected(ReadOnlySpan<float> x)
    {
        double[] query = Times([.. x.ToArray().Select(static it => (double)it)], 0);
        double[] key = Times([.. x.ToArray().Select(static it => (double)it)], 1);
        double[] value = Times([.. x.ToArray().Select(static it => (double)it)], 2);
        var heard = new double[Places * Channels];
        for (int place = 0; place < Places; place++)
        {
            for (int head = 0; head < Heads; head++)
            {
                double[] scores = [.. Enumerable.Range(0, Places).Select(other =>
                    Math.Exp(Factor * Enumerable.Range(head * Depth, Depth).Sum(i =>
                        query[(place * Channels) + i] * key[(other * Channels) + i])))];
                for (int i = head * Depth; i < (head + 1) * Depth; i++)
                {
                    heard[(place * Channels) + i] = Enumerable.Range(0, Places).Sum(other =>
                        scores[other] / scores.Sum() * value[(other * Channels) + i]);
                }
            }
        }

        double[] sum = Times(heard, 3);
        var mean = new double[Channels];
        for (int place = 0; place < Places; place++)
        {
            double[] own = new double[Channels];
            for (int i = 0; i < Channels; i++)
            {
                own[i] = sum[(place * Channels) + i] + x[(place * Channels) + i];
            }

            double average = own.Average();
            double deviation = Math.Sqrt(
                own.Average(it => (it - average) * (it - average)) + 1e-5);
            for (int i = 0; i < Channels; i++)
            {
                mean[i] += (own[i] - average) / deviation / Places;
            }
        }

        return mean;
    }

    private double[] Times(double[] x, int part)
    {
        var product = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            product[i] = _biases[part][i % Channels] + Enumerable.Range(0, Channels).Sum(j =>
                x[(i / Channels * Channels) + j]
                * _weights[part][(j * Channels) + (i % Channels)]);
        }

        return product;
    }
}
