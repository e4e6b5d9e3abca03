using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Every layer and every named network goes out as ONNX: ONNX Runtime gives the same, and the file
/// comes back as the same layers with the same weights.
/// </summary>
public sealed class OnnxExportTests
{
    private const float Tolerance = 1e-5f;
    private const int Rows = 3;

    public static TheoryData<int, int, int, string> Networks => new()
    {
        { 1, 1, 6, "linear" },
        { 1, 1, 6, "logistic" },
        { 1, 1, 6, "mlp" },
        { 14, 14, 1, "simple_cnn" },
        { 28, 28, 1, "lenet5" },
        { 16, 16, 3, "vgg_mini" },
        { 17, 15, 3, "resnet_mini" },
        { 16, 16, 1, "xception_mini" },
        { 1, 9, 5, "text_cnn" },
        { 1, 9, 8, "text_transformer" },
    };

    public static TheoryData<int, int, int, string> Layers => new()
    {
        { 1, 1, 6, "dense(5), relu, dense(3)" },
        { 1, 7, 3, "dense(4), leaky_relu, flatten, dense(2)" },
        { 9, 7, 2, "conv(3, 3), relu, maxpool(2), flatten, dense(4)" },
        { 9, 7, 2, "conv(3, 3, same, stride=2), avgpool(2, same), flatten, dense(2)" },
        { 8, 8, 2, "conv(3, 3, pad=1, stride=2), maxpool(3, stride=2, pad=1), flatten, dense(2)" },
        { 1, 12, 3, "conv(4, 3, same), tanh, maxpool(2), flatten, dense(2)" },
        { 1, 1, 5, "conv(4, 1), relu, avgpool(1), dense(2)" },
        { 8, 8, 3, "depthwise(3, same), separable(4, 3), sigmoid, global_avgpool, dense(2)" },
        { 6, 6, 2, "global_maxpool, dense(2)" },
        { 1, 1, 6, "batch_norm, dense(4), layer_norm, dense(2)" },
        { 5, 5, 2, "batch_norm, layer_norm, gelu, flatten, dense(2)" },
        { 1, 1, 4, "dense(8), gelu, dropout(.25), residual(layer_norm, dense(8)), dense(1)" },
        { 8, 8, 3, "residual(relu, conv(6, 3, same, stride=2)), global_avgpool, dense(2)" },
        { 1, 1, 7, "embedding(11, 4), position, flatten, dense(2)" },
        { 1, 1, 7, "embedding(11, 4), gru(5), dense(2)" },
        { 1, 6, 3, "gru(4, sequence), gru(3), dense(2)" },
        { 1, 1, 5, "gru(4), dense(2)" },
        { 1, 1, 7, "embedding(11, 4), lstm(5), dense(2)" },
        { 1, 6, 3, "lstm(4, sequence), lstm(3), dense(2)" },
        { 1, 1, 6, "dense(5), elu, dense(6), selu, dense(4), silu, dense(3), softplus" },
        { 5, 5, 2, "conv(3, 3), relu6, hard_sigmoid, hard_swish, flatten, dense(2)" },
        { 1, 6, 8, "attention(2), flatten, dense(2)" },
        { 3, 4, 8, "position, attention(4), global_avgpool, dense(2)" },
        { 1, 6, 8, "transformer(2, 12), layer_norm, global_maxpool, dense(2)" },
        { 1, 1, 9, "embedding(20, 8), position, transformer(4), gru(6), dense(3), linear" },
    };

    [OnnxRuntimeTheory]
    [MemberData(nameof(Networks))]
    public void A_named_network_gives_the_same_by_onnx_runtime(
        int height, int width, int channels, string name)
    {
        var input = new TensorShape(height, width, channels);
        string layers = Recipe.Parse(name).ToNetwork(input, 3).Text;
        AssertRuns(ModelOf(input, layers, LossKind.CrossEntropy));
    }

    [OnnxRuntimeTheory]
    [MemberData(nameof(Layers))]
    public void Every_layer_gives_the_same_by_onnx_runtime(
        int height, int width, int channels, string layers) =>
        AssertRuns(ModelOf(
            new TensorShape(height, width, channels), layers, LossKind.MeanSquared));

    [Theory]
    [MemberData(nameof(Layers))]
    public void Every_layer_comes_back_with_its_weights(
        int height, int width, int channels, string layers)
    {
        NetworkModel model = ModelOf(
            new TensorShape(height, width, channels), layers, LossKind.MeanSquared);
        var read = (NetworkModel)OnnxImporter.Read(
            OnnxExporter.Write(PackageOf(model), "m")).Model;
        Assert.Equal(model.Network.Text, read.Network.Text);
        Assert.Equal(HashOf(model), HashOf(read));
        Assert.Equal((model.Loss, model.Task), (read.Loss, read.Task));
    }

    [Theory]
    [InlineData(6, 3, "lstm(4, sequence), lstm(3), dense(2)")]
    [InlineData(6, 3, "gru(4, sequence), gru(3), dense(2)")]
    [InlineData(1, 6, "dense(5), elu, dense(6), selu, dense(4), silu, dense(3), softplus")]
    [InlineData(1, 6, "dense(5), relu6, dense(6), hard_sigmoid, dense(4), hard_swish")]
    [InlineData(6, 8, "attention(2), global_avgpool, dense(2)")]
    [InlineData(6, 8, "position, transformer(4, 12), layer_norm, global_avgpool, dense(2)")]
    public void The_graph_alone_says_the_same_as_the_note_of_the_layers(
        int places, int channels, string layers)
    {
        NetworkModel model = ModelOf(
            new TensorShape(1, places, channels), layers, LossKind.MeanSquared);
        NetworkModel read = OnnxImporter.ReadGraph(
            OnnxFile.Read(OnnxExporter.Write(PackageOf(model), "m")));
        float[] features = LayerGradientTests.Numbers(Rows * model.FeatureCount, 4);
        var expected = new float[Rows * model.OutputCount];
        var given = new float[expected.Length];
        model.Predict(features, Rows, expected);
        read.Predict(features, Rows, given);
        Assert.InRange(
            expected.Zip(given, static (a, b) => Math.Abs(a - b)).Max(), 0, Tolerance);
    }

    [Fact]
    public void A_file_whose_graph_was_changed_is_not_taken_for_ours()
    {
        NetworkModel model = ModelOf(
            TensorShape.Flat(4), "dense(3), tanh, dense(2)", LossKind.MeanSquared);
        byte[] file = OnnxExporter.Write(PackageOf(model), "m");
        int at = file.AsSpan().IndexOf("Tanh"u8);
        "Relu"u8.CopyTo(file.AsSpan(at));
        var read = (NetworkModel)OnnxImporter.Read(file).Model;
        Assert.Equal("dense(3), relu, dense(2)", read.Network.Text);
    }

    [OnnxRuntimeTheory]
    [InlineData(0)]
    [InlineData(2)]
    public void An_embedder_of_texts_gives_the_same_by_onnx_runtime(int directions)
    {
        const int Units = 9;
        const int Width = 5;
        var random = new Random(5);
        Tensor rows = new("rows", [Units, Width], Numbers(Units * Width));
        var common = new float[directions * Width];
        for (int i = 0; i < directions; i++)
        {
            common[(i * Width) + i] = 1;
        }

        var model = new BagModel(
            "lsa(5)",
            8,
            rows,
            directions == 0 ? null : new Tensor("common", [directions, Width], common));
        byte[] file = OnnxExporter.Write(
            new ModelPackage(model, null, [], new Dictionary<string, string>()), "m");
        Model other = OnnxRuntimeImporter.Read(file, OnnxRuntime.Default).Model;
        float[] features =
        [
            1, .5f, 9, .25f, 3, .75f, 3, .1f,
            2, 1, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0,
            4, .5f, 70, .5f, 0, 0, 0, 0,
        ];
        var expected = new float[4 * Width];
        var given = new float[expected.Length];
        model.Predict(features, 4, expected);
        other.Predict(features, 4, given);
        Assert.All(given.AsSpan(2 * Width, Width).ToArray(), static it => Assert.Equal(0, it));
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.InRange(given[i] - expected[i], -Tolerance, Tolerance);
        }

        float[] Numbers(int count) =>
            [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - .5f)];
    }

    private static void AssertRuns(NetworkModel model)
    {
        byte[] file = OnnxExporter.Write(PackageOf(model), "m");
        Model other = OnnxRuntimeImporter.Read(file, OnnxRuntime.Default).Model;
        Assert.Equal(
            (model.FeatureCount, model.OutputCount), (other.FeatureCount, other.OutputCount));
        var random = new Random(3);
        bool isNumbers = model.Network.Nodes[0].Layer is EmbeddingLayer;
        float[] features = [.. Enumerable.Range(0, Rows * model.FeatureCount).Select(
            _ => isNumbers ? random.Next(-1, 13) + 0.25f : (random.NextSingle() * 2) - 1)];
        var expected = new float[Rows * model.OutputCount];
        var given = new float[expected.Length];
        model.Predict(features, Rows, expected);
        other.Predict(features, Rows, given);
        Assert.True(expected.Distinct().Count() > 1);
        for (int i = 0; i < expected.Length; i++)
        {
            float size = Math.Max(1, Math.Abs(expected[i]));
            Assert.InRange((given[i] - expected[i]) / size, -Tolerance, Tolerance);
        }
    }

    private static string HashOf(NetworkModel model) =>
        model.Network.HashOf(model.Weights.ToArray());

    private static ModelPackage PackageOf(NetworkModel model) =>
        new(model, null, [], new Dictionary<string, string>());

    // Gains, biases and running moments are random, too, so that none can be mistaken.
    private static NetworkModel ModelOf(TensorShape input, string layers, LossKind loss)
    {
        Network network = NetworkBuilder.Build(input, layers);
        Memory<float> weights = Initializer.Create(network, 1, InitialValue.Auto);
        var random = new Random(2);
        foreach (Tensor tensor in network.TensorsOf(weights))
        {
            foreach (ref float weight in tensor.Data.Span)
            {
                weight += random.NextSingle() * 0.3f;
            }
        }

        return new NetworkModel(
            network,
            weights,
            loss,
            loss == LossKind.MeanSquared ? ModelTask.Regressor : ModelTask.Classifier);
    }
}
