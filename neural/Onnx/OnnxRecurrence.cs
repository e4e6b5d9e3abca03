using System.Globalization;

namespace NeuroDb.Neural;

/// <summary>
/// Recurrent layers of ONNX graphs, and what stands around them: states of zeros, whose shape is
/// computed from the batch, and the choice of the last state.
/// </summary>
internal sealed class OnnxRecurrence
{
    private const string Name = "gru(";
    private const string Sequence = ", sequence)";
    private readonly HashSet<string> _shapes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _zeros = new(StringComparer.Ordinal);

    /// <summary>
    /// Takes what only computes a shape, or zeros of one; false if it is neither.
    /// </summary>
    public bool TryTakeAside(OnnxNode node, OnnxGraph graph)
    {
        bool isShape = node.Operator == "Shape" || (node.Inputs.Any(_shapes.Contains)
            && node.Inputs.All(it => _shapes.Contains(it) || graph.Constants.ContainsKey(it)));
        if (!isShape)
        {
            return false;
        }

        if (node.Operator == "ConstantOfShape")
        {
            OnnxTensor? value = node.Attributes.GetValueOrDefault("value")?.Tensor;
            if (value is null || value.Floats is [0])
            {
                _zeros.Add(node.Outputs[0]);
            }

            return true;
        }

        _shapes.UnionWith(node.Outputs);
        return true;
    }

    /// <summary>A GRU in one direction, with the reset gate behind the recurrent product.</summary>
    public void AddGru(
        OnnxNode node, OnnxGraph graph, OnnxStep step, Dictionary<string, OnnxStep> steps)
    {
        float[]? weights = FloatsOf(node, graph, 1);
        float[]? recurrent = FloatsOf(node, graph, 2);
        float[]? bias = FloatsOf(node, graph, 3);
        int units = (int)Math.Clamp(node.Number("hidden_size", 0), 0, 1 << 16);
        int inner = step.Shape.Channels;
        bool isKnown = step is { Order: OnnxOrder.StepsFirst, Rank: 3 } && units > 0
            && node.Number("linear_before_reset", 0) == 1
            && node.Number("layout", 0) == 0
            && node.Text("direction") is "" or "forward"
            && !node.Attributes.ContainsKey("clip")
            && !node.Attributes.ContainsKey("activations")
            && weights?.Length == 3L * units * inner && recurrent?.Length == 3L * units * units
            && (bias is null || bias.Length == 6L * units)
            && InputOf(node, 4).Length == 0
            && (InputOf(node, 5) is var start && (start.Length == 0 || _zeros.Contains(start)));
        if (!isKnown)
        {
            throw NeuralErrors.UnsupportedOnnx(
                $"The operator GRU {node.Name} cannot be one of our layers because of its "
                + "direction, its gates, its first state or its lengths.");
        }

        bias ??= new float[6 * units];
        float[][] parameters =
        [
            Gates(weights!, inner, units), Gates(recurrent!, units, units),
            Gates(bias.AsSpan(0, 3 * units), 1, units), Gates(bias.AsSpan(3 * units), 1, units),
        ];
        string text = string.Create(CultureInfo.InvariantCulture, $"{Name}{units}");
        if (node.Outputs[0].Length > 0)
        {
            steps[node.Outputs[0]] = step.Then(
                text + Sequence, new TensorShape(1, step.Shape.Width, units), parameters);
        }

        if (node.Outputs.Count > 1 && node.Outputs[1].Length > 0)
        {
            steps[node.Outputs[1]] = step.Flat(text + ")", units, parameters);
        }
    }

    /// <summary>The last state of a sequence of states; null if it is another one.</summary>
    public static OnnxStep? TryTakeLast(OnnxNode node, OnnxGraph graph, OnnxStep step)
    {
        long steps = step.Shape.Width;
        long axis = node.Number("axis", 0);
        OnnxStep recurrent = step;
        while (recurrent.Text.Length == 0 && recurrent.Parent is not null)
        {
            recurrent = recurrent.Parent;
        }

        bool isLast = node.Inputs.Count > 1
            && graph.Constants.GetValueOrDefault(node.Inputs[1]) is { Numbers: [long place] }
            && (place == -1 || place == steps - 1)
            && axis == (step.Order == OnnxOrder.StepsFirst ? 0 : 1)
            && step.Order is OnnxOrder.StepsFirst or OnnxOrder.Last
            && step.Rank == 3
            && recurrent.Text.StartsWith(Name, StringComparison.Ordinal)
            && recurrent.Text.EndsWith(Sequence, StringComparison.Ordinal);
        return isLast
            ? recurrent.Parent!.Flat(
                recurrent.Text[..^Sequence.Length] + ")",
                recurrent.Shape.Channels,
                [.. recurrent.Parameters])
            : null;
    }

    private static string InputOf(OnnxNode node, int input) =>
        input < node.Inputs.Count ? node.Inputs[input] : "";

    private static float[]? FloatsOf(OnnxNode node, OnnxGraph graph, int input) =>
        graph.Constants.GetValueOrDefault(InputOf(node, input))?.Floats;

    // (3 units, inner) with z, r, n as (inner, 3 units) with r, z, n.
    private static float[] Gates(ReadOnlySpan<float> foreign, int inner, int units)
    {
        var own = new float[foreign.Length];
        int[] order = [1, 0, 2];
        for (int gate = 0; gate < order.Length; gate++)
        {
            for (int unit = 0; unit < units; unit++)
            {
                for (int i = 0; i < inner; i++)
                {
                    own[(i * 3 * units) + (order[gate] * units) + unit] =
                        foreign[(((gate * units) + unit) * inner) + i];
                }
            }
        }

        return own;
    }
}
