using NeuroDb.Neural;

namespace NeuroDb.Tests.Unit;

/// <summary>
/// Networks go out as ONNX and come back the same; hostile files end in typed errors.
/// </summary>
public sealed class OnnxTests
{
    private const int Rows = 3;

    [Theory]
    [InlineData(1, 1, 6, "dense(5), relu, dense(3)")]
    [InlineData(1, 1, 6, "batch_norm, dense(4), tanh, layer_norm, leaky_relu, dense(2), sigmoid")]
    [InlineData(1, 1, 4, "dense(8), gelu, dropout(.25), residual(layer_norm, dense(8), gelu), "
        + "dense(1)")]
    [InlineData(9, 7, 2, "conv(3, 3), relu, maxpool(2), flatten, dense(4)")]
    [InlineData(9, 7, 2, "conv(3, 3, same, stride=2), avgpool(2, same), batch_norm, flatten, "
        + "dense(2)")]
    [InlineData(8, 8, 3, "depthwise(3, same), conv(4, 1), relu, global_avgpool, dense(2)")]
    [InlineData(8, 8, 3, "conv(3, 3, same), residual(relu, conv(6, 3, same, stride=2)), "
        + "global_maxpool, layer_norm")]
    [InlineData(6, 6, 2, "dense(3), relu, layer_norm, flatten, dense(2)")]
    [InlineData(1, 12, 3, "conv(4, 3, same), relu, maxpool(2), flatten, dense(2)")]
    public void A_network_that_went_out_as_onnx_comes_back_the_same(
        int height, int width, int channels, string layers)
    {
        NetworkModel model = Model(
            new TensorShape(height, width, channels), layers, LossKind.MeanSquared);
        AssertSame(model, OnnxExporter.Write(Package(model), "m"));
    }

    [Theory]
    [InlineData("simple_cnn", 20)]
    [InlineData("lenet5", 28)]
    [InlineData("vgg_mini", 16)]
    [InlineData("resnet_mini", 16)]
    [InlineData("xception_mini", 16)]
    public void Named_networks_come_back_with_their_labels(string name, int side)
    {
        var input = new TensorShape(side, side, 1);
        Network network = Recipe.Parse(name).ToNetwork(input, 3);
        NetworkModel model = Model(input, network.Text, LossKind.CrossEntropy);
        var package = new ModelPackage(
            model, null, ["a", "\u00E4", "c"], new Dictionary<string, string>());
        byte[] file = OnnxExporter.Write(package, name);
        AssertSame(model, file);
        ModelPackage read = OnnxImporter.Read(file);
        Assert.Equal(["a", "\u00E4", "c"], read.Labels);
        Assert.Equal(ModelTask.Classifier, read.Model.Task);
    }

    [Fact]
    public void A_product_and_a_sum_behind_a_matrix_go_into_its_weights()
    {
        ProtobufWriter graph = new ProtobufWriter()
            .Message(1, Node("MatMul", ["x", "m"], "a"))
            .Message(1, Node("Add", ["a", "b"], "c"))
            .Message(1, Node("Mul", ["c", "ten"], "d"))
            .Message(1, Node("Add", ["minus", "d"], "y"))
            .Message(5, Floats("m", [2, 1], [1, 2]))
            .Message(5, Floats("b", [1], [3]))
            .Message(5, Floats("ten", [], [10]))
            .Message(5, Floats("minus", [1], [-2]))
            .Message(11, Value("x", 2))
            .Message(12, Value("y", 1));
        var model = (NetworkModel)OnnxImporter.Read(File(graph)).Model;
        var outputs = new float[1];
        model.Predict(new float[] { 4, 5 }, 1, outputs);
        Assert.Equal(168, outputs[0]);
        Assert.Equal(ModelTask.Regressor, model.Task);
    }

    [Fact]
    public void A_rectifier_inside_a_residual_block_leaves_the_way_around_alone()
    {
        TensorShape input = TensorShape.Flat(1);
        Network network = NetworkBuilder.Build(input, "dense(1), residual(relu, dense(1))");
        var weights = new float[network.ParameterLength];
        foreach (Tensor tensor in network.TensorsOf(weights).Where(
            static tensor => tensor.Name.EndsWith("weights", StringComparison.Ordinal)))
        {
            tensor.Data.Span.Fill(1);
        }

        var model = new NetworkModel(
            network, weights, LossKind.MeanSquared, ModelTask.Regressor);
        var outputs = new float[2];
        model.Predict(new float[] { -3, 3 }, 2, outputs);
        Assert.Equal([-3f, 6f], outputs);
    }

    [Fact]
    public void A_value_that_reads_itself_ends_in_a_typed_error()
    {
        ProtobufWriter graph = new ProtobufWriter()
            .Message(1, Node("Softmax", ["x"], "y"))
            .Message(1, Node("Identity", ["y"], "y"))
            .Message(11, Value("x", 2))
            .Message(12, Value("y", 2));
        Exception? error = Record.Exception(() => OnnxImporter.Read(File(graph)));
        Assert.True(error is null or NeuroStoreException, error?.ToString());
    }

    [Fact]
    public void Images_with_channels_first_are_read_with_their_weights_in_our_order()
    {
        // One filter that takes channel 1 only, flattened with channels first into a matrix that
        // takes the last place of the second filter.
        ProtobufWriter graph = new ProtobufWriter()
            .Message(1, Node("Conv", ["x", "w"], "c"))
            .Message(1, Node("Flatten", ["c"], "f"))
            .Message(1, Node("Gemm", ["f", "m"], "y"))
            .Message(5, Floats("w", [2, 2, 1, 1], [0, 1, 2, 0]))
            .Message(5, Floats("m", [8, 1], [0, 0, 0, 0, 0, 0, 0, 1]))
            .Message(11, Value("x", 2, 2, 2))
            .Message(12, Value("y", 1));
        var model = (NetworkModel)OnnxImporter.Read(File(graph)).Model;
        var outputs = new float[1];
        model.Predict(new float[] { 1, 2, 3, 4, 5, 6, 7, 8 }, 1, outputs);
        Assert.Equal(14, outputs[0]);
    }

    [Theory]
    [InlineData("Conv", "com.microsoft", ErrorCode.NotSupported)]
    [InlineData("LSTM", "", ErrorCode.NotSupported)]
    [InlineData("Relu", "", null)]
    public void Operators_of_others_are_refused_by_name(
        string type, string domain, ErrorCode? expected)
    {
        ProtobufWriter graph = new ProtobufWriter()
            .Message(1, Node(type, ["x"], "y").Text(7, domain))
            .Message(11, Value("x", 2))
            .Message(12, Value("y", 2));
        Exception? error = Record.Exception(() => OnnxImporter.Read(File(graph)));
        Assert.Equal(expected, (error as NeuroStoreException)?.Code);
        Assert.True(error is null || error.Message.Contains(type, StringComparison.Ordinal));
    }

    [Fact]
    public void Weights_in_other_files_and_graphs_in_operators_are_refused()
    {
        ProtobufWriter outside = Floats("w", [1], [1])
            .Message(13, new ProtobufWriter().Text(1, "location").Text(2, "../../etc/passwd"));
        Refuse(new ProtobufWriter().Message(5, outside), ErrorCode.NotSupported, "another file");
        ProtobufWriter loop = Node("Loop", ["x"], "y").Message(
            5, new ProtobufWriter().Text(1, "body").Message(6, new ProtobufWriter()));
        Refuse(new ProtobufWriter().Message(1, loop), ErrorCode.NotSupported, "graph inside");
        Refuse(
            new ProtobufWriter().Message(5, Floats("w", [1 << 30, 1 << 30], [1])),
            ErrorCode.MalformedModel,
            "impossible shape");
        Refuse(
            new ProtobufWriter().Message(5, Floats("w", [1 << 30], [1])),
            ErrorCode.MalformedModel,
            "has 1 numbers");
    }

    [Fact]
    public void Damaged_files_end_in_typed_errors()
    {
        NetworkModel model = Model(
            new TensorShape(8, 8, 2),
            "conv(4, 3), relu, residual(batch_norm, conv(4, 3, same)), maxpool(2), flatten, "
                + "dense(3)",
            LossKind.CrossEntropy);
        byte[] whole = OnnxExporter.Write(Package(model), "m");
        var random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 10_000; i++)
        {
            byte[] damaged = [.. whole];
            for (int n = random.Next(1, 4); n > 0; n--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            damaged = random.Next(4) == 0 ? damaged[..random.Next(damaged.Length)] : damaged;
            Exception? error = Record.Exception(() => OnnxImporter.Read(damaged));
            Assert.True(error is null or NeuroStoreException, $"{i}: {error}");
            refused += error is null ? 0 : 1;
        }

        Assert.InRange(refused, 1_000, 9_999);
    }

    private static void Refuse(ProtobufWriter graph, ErrorCode code, string part)
    {
        NeuroStoreException error =
            Assert.ThrowsAny<NeuroStoreException>(() => OnnxImporter.Read(File(graph)));
        Assert.Equal(code, error.Code);
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    private static void AssertSame(NetworkModel model, byte[] file)
    {
        // The file is recognised as ours; the graph alone must say the same.
        AssertSame(model, (NetworkModel)OnnxImporter.Read(file).Model);
        AssertSame(model, OnnxImporter.ReadGraph(OnnxFile.Read(file)));
    }

    private static void AssertSame(NetworkModel model, NetworkModel read)
    {
        Assert.Equal(model.Network.Input, read.Network.Input);
        float[] expected = Outputs(model);
        float[] actual = Outputs(read);
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-4);
        }

        Assert.True(expected.Distinct().Count() > 1);
    }

    private static float[] Outputs(NetworkModel model)
    {
        var random = new Random(3);
        float[] features = [.. Enumerable.Range(0, Rows * model.FeatureCount).Select(
            _ => (random.NextSingle() * 2) - 1)];
        var outputs = new float[Rows * model.OutputCount];
        model.Predict(features, Rows, outputs);
        return outputs;
    }

    // Gains, biases and running moments are random, too, so that none can be mistaken.
    private static NetworkModel Model(TensorShape input, string layers, LossKind loss)
    {
        Network network = NetworkBuilder.Build(input, layers);
        Memory<float> weights = Initializer.Create(network, 1, InitialValue.Auto);
        var random = new Random(2);
        foreach (Tensor tensor in network.TensorsOf(weights))
        {
            foreach (ref float weight in tensor.Data.Span)
            {
                weight += random.NextSingle() * 0.5f;
            }
        }

        return new NetworkModel(
            network,
            weights,
            loss,
            loss == LossKind.MeanSquared ? ModelTask.Regressor : ModelTask.Classifier);
    }

    private static ModelPackage Package(NetworkModel model) =>
        new(model, null, [], new Dictionary<string, string>());

    private static byte[] File(ProtobufWriter graph) => new ProtobufWriter()
        .Number(1, 8)
        .Message(7, graph)
        .Message(8, new ProtobufWriter().Number(2, 17))
        .ToArray();

    private static ProtobufWriter Node(string type, string[] inputs, string output)
    {
        var node = new ProtobufWriter();
        foreach (string input in inputs)
        {
            node.Text(1, input);
        }

        return node.Text(2, output).Text(4, type);
    }

    private static ProtobufWriter Floats(string name, int[] shape, float[] values)
    {
        var tensor = new ProtobufWriter();
        foreach (int size in shape)
        {
            tensor.Number(1, size);
        }

        tensor.Number(2, 1).Text(8, name);
        foreach (float value in values)
        {
            tensor.Single(4, value);
        }

        return tensor;
    }

    private static ProtobufWriter Value(string name, params int[] sizes)
    {
        ProtobufWriter shape = new ProtobufWriter()
            .Message(1, new ProtobufWriter().Text(2, "rows"));
        foreach (int size in sizes)
        {
            shape.Message(1, new ProtobufWriter().Number(1, size));
        }

        ProtobufWriter type = new ProtobufWriter().Number(1, 1).Message(2, shape);
        return new ProtobufWriter().Text(1, name).Message(2, new ProtobufWriter().Message(1, type));
    }
}
