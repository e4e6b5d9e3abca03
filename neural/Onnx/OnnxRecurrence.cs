using System.Globalization;

namespace NeuroDb.Neural;

/// <summary>
/// Recurrent layers of ONNX graphs, and the choice of the last of their states.
/// </summary>
internal static class OnnxRecurrence
{
    private const string Gru = "gru";
    private const string Lstm = "lstm";
    private const string Sequence = ", sequence)";

    /// <summary>Which of our gates each of theirs is: z, r, n as r, z, n.</summary>
    private static readonly int[] GruOrder = [1, 0, 2];

    /// <summary>Theirs are i, o, f, c, ours i, f, g, o.</summary>
    private static readonly int[] LstmOrder = [0, 3, 1, 2];

    /// <summary>
    /// A GRU, with the reset gate behind the recurrent product, or an LSTM, in one direction.
    /// </summary>
    public static void Add(
        OnnxNode node,
        OnnxGraph graph,
        OnnxSizes sizes,
        OnnxStep step,
        Dictionary<string, OnnxStep> steps)
    {
        bool isGru = node.Operator == "GRU";
        int[] order = isGru ? GruOrder : LstmOrder;
        int gates = order.Length;
        float[]? weights = FloatsOf(node, graph, 1);
        float[]? recurrent = FloatsOf(node, graph, 2);
        float[]? bias = FloatsOf(node, graph, 3);
        int units = (int)Math.Clamp(node.Number("hidden_size", 0), 0, 1 << 16);
        int inner = step.Shape.Channels;
        bool isKnown = step is { Order: OnnxOrder.StepsFirst, Rank: 3, Shape.Height: 1 }
            && units > 0
            && (isGru ? node.Number("linear_before_reset", 0) == 1
                : node.Number("input_forget", 0) == 0 && InputOf(node, 7).Length == 0)
            && node.Number("layout", 0) == 0
            && node.Text("direction") is "" or "forward"
            && !node.Attributes.ContainsKey("clip")
            && !node.Attributes.ContainsKey("activations")
            && weights?.Length == (long)gates * units * inner
            && recurrent?.Length == (long)gates * units * units
            && (bias is null || bias.Length == 2L * gates * units)
            && InputOf(node, 4).Length == 0
            && StartsAtZero(node, sizes, 5)
            && (isGru || StartsAtZero(node, sizes, 6));
        if (!isKnown)
        {
            throw NeuralErrors.UnsupportedOnnx(
                $"The operator {node.Operator} {node.Name} cannot be one of our layers because of "
                + "its direction, its gates, its first state or its lengths.");
        }

        bias ??= new float[2 * gates * units];
        float[] first = Turned(bias.AsSpan(0, gates * units), 1, units, order);
        float[] second = Turned(bias.AsSpan(gates * units), 1, units, order);
        float[][] parameters =
        [
            Turned(weights!, inner, units, order), Turned(recurrent!, units, units, order),
            .. isGru ? [first, second]
                : new float[][] { [.. first.Zip(second, static (a, b) => a + b)] },
        ];
        string text = string.Create(
            CultureInfo.InvariantCulture, $"{(isGru ? Gru : Lstm)}({units}");
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

        if (node.Inputs.Count < 2
            || graph.Constants.GetValueOrDefault(node.Inputs[1]) is not { Numbers: [long place] }
            || !IsRecurrent(recurrent.Text))
        {
            return null;
        }

        if (!recurrent.Text.EndsWith(Sequence, StringComparison.Ordinal))
        {
            // The last states of all directions, of which there is one.
            return ReferenceEquals(recurrent, step) && axis == 0 && place is 0 or -1
                ? step : null;
        }

        bool isLast = (place == -1 || place == steps - 1)
            && axis == (step.Order == OnnxOrder.StepsFirst ? 0 : 1)
            && step.Order is OnnxOrder.StepsFirst or OnnxOrder.Last
            && step.Rank == 3;
        return isLast
            ? recurrent.Parent!.Flat(
                recurrent.Text[..^Sequence.Length] + ")",
                recurrent.Shape.Channels,
                [.. recurrent.Parameters])
            : null;
    }

    private static bool IsRecurrent(string text) =>
        text.StartsWith(Gru + "(", StringComparison.Ordinal)
        || text.StartsWith(Lstm + "(", StringComparison.Ordinal);

    private static bool StartsAtZero(OnnxNode node, OnnxSizes sizes, int input) =>
        InputOf(node, input) is var start && (start.Length == 0 || sizes.IsZero(start));

    private static string InputOf(OnnxNode node, int input) =>
        input < node.Inputs.Count ? node.Inputs[input] : "";

    private static float[]? FloatsOf(OnnxNode node, OnnxGraph graph, int input) =>
        graph.Constants.GetValueOrDefault(InputOf(node, input))?.Floats;

    // (gates units, inner) in their order as (inner, gates units) in ours.
    private static float[] Turned(
        ReadOnlySpan<float> foreign, int inner, int units, int[] order)
    {
        var own = new float[foreign.Length];
        for (int gate = 0; gate < order.Length; gate++)
        {
            for (int unit = 0; unit < units; unit++)
            {
                for (int i = 0; i < inner; i++)
                {
                    own[(i * order.Length * units) + (order[gate] * units) + unit] =
                        foreign[(((gate * units) + unit) * inner) + i];
                }
            }
        }

        return own;
    }
}
