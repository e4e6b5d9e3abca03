namespace NeuroDb.Neural;

/// <summary>
/// Turns an ONNX graph into a network of our layers, which runs, trains, explains and quantises as
/// any other. Graphs are chains with residual blocks; images may come with channels first, in which
/// case weights are reordered, so that the network takes images as tables hold them, channels last.
/// </summary>
internal sealed class OnnxImporter
{
    private readonly OnnxGraph _graph;
    private readonly Dictionary<string, OnnxStep> _steps = new(StringComparer.Ordinal);
    private readonly OnnxGelu _gelu = new();
    private readonly OnnxNormalization _normalization = new();
    private readonly OnnxSizes _sizes;
    private readonly OnnxAttention _attention;
    private readonly OnnxStep _root;
    private LossKind _loss = LossKind.MeanSquared;

    private OnnxImporter(OnnxGraph graph)
    {
        _graph = graph;
        _sizes = new OnnxSizes(graph);
        _attention = new OnnxAttention(graph, _sizes);
        _root = Root();
        _steps.Add(graph.Inputs[0].Name, _root);
    }

    /// <summary>The model of a file.</summary>
    /// <param name="file">The bytes of the file.</param>
    /// <exception cref="NeuroStoreException">
    /// It is damaged or refused, or an operator cannot be one of our layers; the message names it.
    /// </exception>
    public static ModelPackage Read(ReadOnlySpan<byte> file)
    {
        OnnxGraph graph = OnnxFile.Read(file);
        NetworkModel model = OnnxOwnFile.TryRead(file, graph) ?? ReadGraph(graph);
        var facts = new Dictionary<string, string>(StringComparer.Ordinal) { ["format"] = "onnx" };
        return new ModelPackage(model, null, OnnxLabels.Of(graph, model), facts);
    }

    /// <summary>The network of a graph, whoever wrote it.</summary>
    public static NetworkModel ReadGraph(OnnxGraph graph) => new OnnxImporter(graph).Import();

    private OnnxStep Root()
    {
        if (_graph.Inputs.Count != 1 || _graph.Outputs.Count < 1)
        {
            throw NeuralErrors.UnsupportedOnnx(
                $"The ONNX graph has {_graph.Inputs.Count} inputs and {_graph.Outputs.Count} "
                + "outputs; a network has one of each.");
        }

        (string name, _, IReadOnlyList<long> shape) = _graph.Inputs[0];
        bool isLast = _graph.Notes.GetValueOrDefault(OnnxExporter.LayoutNote)
            == OnnxExporter.ChannelsLast || _graph.Nodes.Any(node => node.Operator == "Transpose"
            && node.Inputs.Count > 0 && node.Inputs[0] == name
            && node.Numbers("perm").SequenceEqual([0, 3, 1, 2]));
        int[] sizes = [.. shape.Skip(1).Select(size => size is >= 1 and <= 1 << 24
            ? (int)size
            : throw NeuralErrors.UnsupportedOnnx(
                $"The sizes of the ONNX input {name} must be known, all but the first."))];
        TensorShape example = sizes switch
        {
            [int length] => TensorShape.Flat(length),
            [int steps, int width] => new TensorShape(1, steps, width),
            [int a, int b, int c] => isLast
                ? new TensorShape(a, b, c) : new TensorShape(b, c, a),
            _ => throw NeuralErrors.UnsupportedOnnx(
                $"The ONNX input {name} has {shape.Count} axes; known are rows of numbers (2), "
                + "of sequences (3) and of images (4)."),
        };
        try
        {
            _ = example.Length;
        }
        catch (OverflowException)
        {
            throw NeuralErrors.MalformedOnnx($"the input {name} is larger than possible");
        }

        bool isFirst = sizes.Length == 3 && !isLast;
        return new OnnxStep(
            null, "", [], example, isFirst ? OnnxOrder.First : OnnxOrder.Last)
        {
            Rank = shape.Count,
        };
    }

    private NetworkModel Import()
    {
        foreach (OnnxNode node in _graph.Nodes)
        {
            if (node.Outputs.Count == 0)
            {
                throw NeuralErrors.MalformedOnnx($"the operator {node.Name} has no output");
            }

            if (node.Operator == "Constant")
            {
                _graph.Constants[node.Outputs[0]] =
                    node.Attributes.GetValueOrDefault("value")?.Tensor
                    ?? throw Unsupported(node, "its kind of constant");
            }
            else if (node.Operator is "GRU" or "LSTM")
            {
                OnnxRecurrence.Add(
                    node, _graph, _sizes, StepOf(Input(node, 0), node), _steps);
            }
            else if (!TryTakeConstant(node) && !_normalization.TryTake(node, _graph, _steps)
                && !_gelu.TryTake(node, _graph, _steps)
                && !_sizes.TryTake(node, value => _attention.SizesOf(value, _steps))
                && !_attention.TryTake(node, _steps))
            {
                _steps[node.Outputs[0]] = Add(node);
            }
        }

        string output = _graph.Outputs[0];
        OnnxStep last = StepOf(output, null);
        if (last.Order == OnnxOrder.FlatFirst || !last.Shape.IsFlat)
        {
            throw NeuralErrors.UnsupportedOnnx(
                $"The ONNX output {output} is an image or a sequence; a model gives numbers.");
        }

        List<OnnxStep> steps = last.Since(_root);
        return Build(steps);
    }

    private NetworkModel Build(List<OnnxStep> steps)
    {
        string text = string.Join(", ", steps.Select(static step => step.Text));
        Network network = NetworkBuilder.Build(_root.Shape, text.Length > 0 ? text : "linear");
        Memory<float> weights = Gpu.AlignedMemory.Allocate<float>(network.ParameterLength);
        using IEnumerator<float[]> numbers =
            steps.SelectMany(static step => step.Parameters).GetEnumerator();
        foreach (Tensor tensor in network.TensorsOf(weights))
        {
            if (!numbers.MoveNext() || numbers.Current.Length != tensor.Data.Length)
            {
                throw NeuralErrors.UnsupportedOnnx(
                    $"The ONNX graph is not the chain of layers {text}.");
            }

            numbers.Current.CopyTo(tensor.Data.Span);
        }

        if (numbers.MoveNext())
        {
            throw NeuralErrors.UnsupportedOnnx(
                $"The ONNX graph is not the chain of layers {text}.");
        }

        return new NetworkModel(
            network,
            weights,
            _loss,
            _loss != LossKind.MeanSquared ? ModelTask.Classifier
                : network.Output.Length == 1 ? ModelTask.Regressor : ModelTask.Embedder);
    }

    private OnnxStep Add(OnnxNode node)
    {
        if (node.Operator == "Add" && Constant(node, 0) is null && Constant(node, 1) is null)
        {
            return OnnxResidual.Join(
                StepOf(Input(node, 0), node), StepOf(Input(node, 1), node), node);
        }

        int at = node.Operator is "Add" or "Gather" && Constant(node, 0) is not null ? 1 : 0;
        OnnxStep step = StepOf(Input(node, at), node);
        return node.Operator switch
        {
            "Identity" or "Dropout" => step,
            "Cast" when node.Number("to", 0) == (long)OnnxElement.Float => step,
            "Pad" when Constant(node, 1) is { IsFloat: false } pads
                && pads.Numbers.All(static it => it == 0) => step,
            "ReduceMean" or "ReduceMax" => OnnxReduction.TryPool(node, _graph, step)
                ?? throw Unsupported(node, "its axes"),
            "Gather" when at == 1 => OnnxSpatial.Embed(node, _graph, step),
            "Gather" => OnnxRecurrence.TryTakeLast(node, _graph, step)
                ?? throw Unsupported(node, "what it chooses"),
            "Transpose" => Transpose(node, step),
            "Squeeze" when step.Order == OnnxOrder.StepsFirst
                && OnnxReduction.AxesOf(node, _graph) is [1] => step,
            "Flatten" or "Reshape" or "Squeeze" => Flatten(node, step),
            "Gemm" => Gemm(node, step),
            "MatMul" => MatMul(node, step),
            "Add" => OnnxSpatial.TryPosition(step, Weights(node, 1 - at))
                ?? OnnxDense.AddBias(step, Weights(node, 1 - at), node),
            "Conv" => OnnxSpatial.Convolve(node, _graph, step),
            "MaxPool" or "AveragePool" => OnnxSpatial.Pool(node, step),
            "GlobalAveragePool" => OnnxSpatial.GlobalPool(node, step, "global_avgpool"),
            "GlobalMaxPool" => OnnxSpatial.GlobalPool(node, step, "global_maxpool"),
            "BatchNormalization" => OnnxSpatial.BatchNormalize(node, _graph, step),
            "LayerNormalization" => OnnxSpatial.LayerNormalize(node, _graph, step),
            "Sigmoid" => Sigmoid(node, step),
            "Softmax" => Softmax(node, step),
            "Mul" when node.Inputs.Count == 2 => OnnxActivation.TryJoin(
                step, StepOf(Input(node, 1), node)) ?? throw Unsupported(node, "its factors"),
            _ => OnnxActivation.TryTake(node, _sizes, step)
                ?? throw Unsupported(node, "what it computes"),
        };
    }

    // A constant under another name.
    private bool TryTakeConstant(OnnxNode node)
    {
        if (node.Operator != "Identity" || Constant(node, 0) is not { } tensor)
        {
            return false;
        }

        _graph.Constants[node.Outputs[0]] = tensor;
        return true;
    }

    private OnnxStep Sigmoid(OnnxNode node, OnnxStep step)
    {
        if (!IsLast(node) || !step.Shape.IsFlat)
        {
            return step.Then("sigmoid", step.Shape);
        }

        _loss = LossKind.BinaryCrossEntropy;
        return step;
    }

    private OnnxStep Softmax(OnnxNode node, OnnxStep step)
    {
        long axis = node.Number("axis", _graph.OperatorVersion < 13 ? 1 : -1);
        if (!IsLast(node) || !step.Shape.IsFlat || axis is not (1 or -1))
        {
            throw Unsupported(node, "its place: ours stands at the end, over the outputs");
        }

        _loss = LossKind.CrossEntropy;
        return step;
    }

    // Whether nothing but the output of the graph reads what comes out.
    private bool IsLast(OnnxNode node)
    {
        string value = node.Outputs[0];
        int steps = 0;
        while (_graph.Nodes.Find(other => other.Inputs.Contains(value)) is { } next)
        {
            if (next.Operator != "Identity" || next.Outputs.Count == 0
                || steps++ > _graph.Nodes.Count)
            {
                return false;
            }

            value = next.Outputs[0];
        }

        return value == _graph.Outputs[0];
    }

    private static OnnxStep Transpose(OnnxNode node, OnnxStep step)
    {
        IReadOnlyList<long> order = node.Numbers("perm");
        if (step.Rank == 3)
        {
            return (step.Order, order) switch
            {
                (OnnxOrder.Last, [0, 2, 1]) => step.Seen(OnnxOrder.First),
                (OnnxOrder.First, [0, 2, 1]) => step.Seen(OnnxOrder.Last),
                (OnnxOrder.Last, [1, 0, 2]) => step.Seen(OnnxOrder.StepsFirst),
                (OnnxOrder.StepsFirst, [1, 0, 2]) => step.Seen(OnnxOrder.Last),
                (OnnxOrder.First, [2, 0, 1]) => step.Seen(OnnxOrder.StepsFirst),
                (OnnxOrder.StepsFirst, [1, 2, 0]) => step.Seen(OnnxOrder.First),

                // States with their axis of directions, of which there is one.
                (OnnxOrder.StepsFirst, [2, 1, 0, 3]) =>
                    step.Seen(OnnxOrder.Last) with { Rank = 4 },
                _ => throw Unsupported(node, "its order of axes"),
            };
        }

        return !step.Shape.IsFlat && step.Order == OnnxOrder.Last
                && order.SequenceEqual([0, 3, 1, 2]) ? step.Seen(OnnxOrder.First)
            : !step.Shape.IsFlat && step.Order == OnnxOrder.First
                && order.SequenceEqual([0, 2, 3, 1]) ? step.Seen(OnnxOrder.Last)
            : throw Unsupported(node, "its order of axes");
    }

    private OnnxStep Flatten(OnnxNode node, OnnxStep step)
    {
        bool isFlat = node.Operator switch
        {
            "Flatten" => node.Number("axis", 1) == 1,
            "Reshape" => _sizes.WholeNumbersOf(node, 1) is [_, var length]
                && (length == -1 || length == step.Shape.Length),
            _ => step.Shape.IsFlat,
        };
        if (!isFlat || step.Order == OnnxOrder.StepsFirst)
        {
            throw Unsupported(node, "its shape: rows can only be made flat");
        }

        if (step.Shape.IsFlat)
        {
            return step.Order == OnnxOrder.First ? step.Seen(OnnxOrder.Last) : step;
        }

        bool isReordered = step.Order == OnnxOrder.First && step.Shape.Channels > 1;
        return new OnnxStep(
            step,
            "flatten",
            [],
            TensorShape.Flat(step.Shape.Length),
            isReordered ? OnnxOrder.FlatFirst : OnnxOrder.Last)
        {
            Image = step.Shape,
        };
    }

    private OnnxStep Gemm(OnnxNode node, OnnxStep step)
    {
        bool isPlain = node.Single("alpha", 1) == 1 && node.Single("beta", 1) == 1
            && node.Number("transA", 0) == 0 && step.Shape.IsFlat;
        return isPlain
            ? OnnxDense.Add(
                step,
                Weights(node, 1),
                node.Number("transB", 0) != 0,
                Constant(node, 2)?.Floats,
                node)
            : throw Unsupported(node, "its factors or its order");
    }

    private OnnxStep MatMul(OnnxNode node, OnnxStep step) =>
        step.Shape.IsFlat || step.Order is OnnxOrder.Last or OnnxOrder.StepsFirst
            ? OnnxDense.Add(step, Weights(node, 1), isTransposed: false, null, node)
            : throw Unsupported(node, "the order of its input");

    private OnnxStep StepOf(string value, OnnxNode? node)
    {
        if (_steps.TryGetValue(value, out OnnxStep? step))
        {
            return step;
        }

        throw node is null || _graph.Constants.ContainsKey(value) || _gelu.Knows(value)
            || _normalization.Knows(value) || _attention.Knows(value)
            ? NeuralErrors.UnsupportedOnnx(
                $"The value {value} of the ONNX graph is not computed by layers from the input.")
            : NeuralErrors.MalformedOnnx($"{node.Name} reads {value}, which nothing gives");
    }

    private static string Input(OnnxNode node, int index) => index < node.Inputs.Count
        ? node.Inputs[index]
        : throw NeuralErrors.MalformedOnnx($"the operator {node.Name} lacks input {index + 1}");

    private OnnxTensor? Constant(OnnxNode node, int index) =>
        index < node.Inputs.Count ? _graph.Constants.GetValueOrDefault(node.Inputs[index]) : null;

    private OnnxTensor Weights(OnnxNode node, int index) =>
        Constant(node, index) is { IsFloat: true } tensor
            ? tensor
            : throw Unsupported(node, $"input {index + 1}, which is no constant of floats");

    /// <summary>The error of an operator, with what of it is not known.</summary>
    internal static NeuroStoreException Unsupported(OnnxNode node, string what) =>
        NeuralErrors.UnsupportedOnnx(
            $"The operator {node.Operator} {node.Name} cannot be one of our layers because of "
            + $"{what}.");
}
