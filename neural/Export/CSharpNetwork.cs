using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>Writes a network as calls of the methods that its layers need.</summary>
internal sealed class CSharpNetwork
{
    private readonly Network _network;
    private readonly List<string> _pieces = [];
    private readonly List<string> _lines = [];

    private CSharpNetwork(Network network) => _network = network;

    /// <summary>Adds the weights, the method Outputs, and what it calls.</summary>
    public static void Write(NetworkModel model, CSharpText text)
    {
        var weights = new List<float>();
        var offsets = new List<int>();
        IReadOnlyList<Tensor> tensors = model.Tensors;
        int tensor = 0;
        foreach (NetworkNode node in model.Network.Nodes)
        {
            offsets.Add(weights.Count);
            for (int i = 0; i < node.Layer.Parameters.Count; i++)
            {
                weights.AddRange(tensors[tensor++].Data.Span);
            }
        }

        var writer = new CSharpNetwork(model.Network);
        string last = "x";
        for (int i = 0; i < offsets.Count; i++)
        {
            last = writer.Add(i, offsets[i]);
        }

        string result = model.Loss switch
        {
            LossKind.CrossEntropy => writer.Call(
                $"Softmax((float[]){last}.Clone())", CSharpPieces.Softmax),
            LossKind.BinaryCrossEntropy => writer.Call(
                $"Activate({last}, Sigmoid)", CSharpPieces.Activate),
            _ => last,
        };
        text.Line().Floats("Weights", [.. weights]).Line();
        text.Line(1, "/// <summary>What the model gives for the features of a row.</summary>");
        text.Line(1, "public static float[] Outputs(float[] x)").Line(1, "{");
        writer._lines.ForEach(line => text.Line(2, line));
        text.Line(2, $"return {result};").Line(1, "}");
        foreach (string piece in writer._pieces)
        {
            text.Piece(piece);
        }
    }

    private static string N(int value) => CSharpText.Literal(value);

    private static string SizesOf(ConvolutionShape s) => string.Join(", ", new[]
    {
        s.Height, s.Width, s.Channels, s.OutChannels, s.KernelHeight, s.KernelWidth, s.Stride,
        s.PadTop, s.PadLeft, s.OutHeight, s.OutWidth,
    }.Select(N));

    private string NameOf(int node)
    {
        while (node >= 0 && (_network.Nodes[node].Layer.IsView
            || _network.Nodes[node].Layer is DropoutLayer
            || _network.Nodes[node].Layer is ActivationLayer
            { Kind: ActivationKind.Identity }))
        {
            node = _network.Nodes[node].Input;
        }

        return node < 0 ? "x" : $"n{N(node)}";
    }

    private string Add(int index, int at)
    {
        NetworkNode node = _network.Nodes[index];
        string name = NameOf(index);
        if (name == $"n{N(index)}")
        {
            _lines.Add($"float[] {name} = {CallOf(node, NameOf(node.Input), at)};");
        }

        return name;
    }

    private string CallOf(NetworkNode node, string x, int at)
    {
        int channels = node.Layer.Input.Channels;
        return node.Layer switch
        {
            DenseLayer dense => Call(
                $"Dense({x}, {N(channels)}, {N(dense.Output.Channels)}, {N(at)}, "
                + $"{CSharpText.Literal(dense.IsRectified)})",
                CSharpPieces.Dense),
            ConvolutionLayer layer => Call(
                $"Convolve({x}, {N(at)}, {CSharpText.Literal(layer.IsRectified)}, "
                + $"{SizesOf(layer.Shape)})",
                CSharpPieces.Convolve),
            DepthwiseLayer layer => Call(
                $"Window({x}, 0, {N(at)}, {SizesOf(layer.Shape)})", CSharpPieces.Window),
            PoolingLayer layer => Call(
                $"Window({x}, {(layer.Kind == PoolingKind.Maximum ? "1" : "2")}, 0, "
                + $"{SizesOf(layer.Shape)})",
                CSharpPieces.Window),
            BatchNormalizationLayer => Call(
                $"BatchNorm({x}, {N(channels)}, {N(at)})", CSharpPieces.BatchNorm),
            NormalizationLayer => Call(
                $"LayerNorm({x}, {N(channels)}, {N(at)})", CSharpPieces.LayerNorm),
            ActivationLayer layer => Call(
                $"Activate({x}, {FunctionOf(layer.Kind)})", CSharpPieces.Activate),
            AddLayer => Call($"Add({x}, {NameOf(node.SecondInput)})", CSharpPieces.Add),
            PositionLayer => Call(
                $"Add({x}, Weights[{N(at)}..{N(at + node.Length)}])", CSharpPieces.Add),
            EmbeddingLayer layer => Call(
                $"Embed({x}, {N(layer.RowCount)}, {N(layer.Output.Channels)}, {N(at)})",
                CSharpPieces.Embed),
            GruLayer layer => Call(
                $"Gru({x}, {N(channels)}, {N(layer.Output.Channels)}, {N(at)}, "
                + $"{CSharpText.Literal(layer.GivesSequence)})",
                CSharpPieces.Gru,
                CSharpPieces.Activate),
            LstmLayer layer => Call(
                $"Lstm({x}, {N(channels)}, {N(layer.Output.Channels)}, {N(at)}, "
                + $"{CSharpText.Literal(layer.GivesSequence)})",
                CSharpPieces.Lstm,
                CSharpPieces.Activate),
            AttentionLayer layer => Call(
                $"Attend({x}, {N(channels)}, {N(layer.Heads)}, {N(at)})",
                CSharpPieces.Attend,
                CSharpPieces.Dense,
                CSharpPieces.Softmax),
            _ => throw NeuralErrors.InvalidModel(
                $"The layer {node.Layer.Text} has no form in C# yet; export FORMAT native."),
        };
    }

    private string Call(string call, params string[] pieces)
    {
        _pieces.AddRange(pieces.Except(_pieces));
        return call;
    }

    private static string FunctionOf(ActivationKind kind) => kind switch
    {
        ActivationKind.Relu => "v => Math.Max(0, v)",
        ActivationKind.LeakyRelu => "v => v > 0 ? v : v * 0.01",
        ActivationKind.Sigmoid => "Sigmoid",
        ActivationKind.Tanh => "Math.Tanh",
        ActivationKind.Elu => "v => v > 0 ? v : Math.Exp(v) - 1",
        ActivationKind.Selu => "v => 1.05070098 * (v > 0 ? v : 1.67326324 * (Math.Exp(v) - 1))",
        ActivationKind.Silu => "v => v * Sigmoid(v)",
        ActivationKind.Softplus => "v => Math.Max(v, 0) + Math.Log(1 + Math.Exp(-Math.Abs(v)))",
        ActivationKind.Relu6 => "v => Math.Min(Math.Max(v, 0), 6)",
        ActivationKind.HardSigmoid => "v => Math.Min(Math.Max(v + 3, 0), 6) / 6",
        ActivationKind.HardSwish => "v => v * Math.Min(Math.Max(v + 3, 0), 6) / 6",
        _ => "Gelu",
    };
}
