namespace NeuroDb.Neural;

/// <summary>
/// Knows the operators that together normalise each place: d = x - mean(x), then
/// d / sqrt(mean(d d) + epsilon) gain + bias, as files before version 17 have them.
/// </summary>
internal sealed class OnnxNormalization
{
    private const float Epsilon = 1e-5f;
    private const float Tolerance = 1e-8f;
    private readonly Dictionary<string, (string Kind, OnnxStep Base)> _parts =
        new(StringComparer.Ordinal);

    private readonly Dictionary<string, float[]> _gains = new(StringComparer.Ordinal);

    /// <summary>Whether a value is a part of a pattern that is not complete.</summary>
    public bool Knows(string value) => _parts.ContainsKey(value);

    /// <summary>Takes an operator that is a part of one; false if it is none.</summary>
    public bool TryTake(OnnxNode node, OnnxGraph graph, Dictionary<string, OnnxStep> steps)
    {
        switch (node.Operator)
        {
            case "ReduceMean" when Is(node, 0, "square") && IsOverChannels(node, graph, null):
                return Put(node, "variance", BaseOf(node, 0));
            case "ReduceMean" when IsStep(node, steps, out OnnxStep? root)
                && IsOverChannels(node, graph, root):
                return Put(node, "mean", root!);
            case "Sub" when Is(node, 1, "mean") && IsStep(node, steps, out OnnxStep? root)
                && ReferenceEquals(root, BaseOf(node, 1)):
                return Put(node, "difference", root!);
            case "Pow" when Is(node, 0, "difference") && Number(node, graph, 1) == 2:
                return Put(node, "square", BaseOf(node, 0));
            case "Mul" when Is(node, 0, "difference") && node.Inputs[0] == node.Inputs[1]:
                return Put(node, "square", BaseOf(node, 0));
            case "Add" when Is(node, 0, "variance")
                && Math.Abs(Number(node, graph, 1) - Epsilon) < Tolerance:
                return Put(node, "stable", BaseOf(node, 0));
            case "Sqrt" when Is(node, 0, "stable"):
                return Put(node, "deviation", BaseOf(node, 0));
            case "Div" when Is(node, 0, "difference") && Is(node, 1, "deviation")
                && ReferenceEquals(BaseOf(node, 0), BaseOf(node, 1)):
                return Put(node, "normal", BaseOf(node, 0));
            case "Mul" or "Add":
                return TryFinish(node, 0, 1, graph, steps) || TryFinish(node, 1, 0, graph, steps);
            default:
                return false;
        }
    }

    private bool TryFinish(
        OnnxNode node, int at, int other, OnnxGraph graph, Dictionary<string, OnnxStep> steps)
    {
        bool isGain = node.Operator == "Mul";
        if (!Is(node, at, isGain ? "normal" : "gained")
            || !graph.Constants.TryGetValue(node.Inputs[other], out OnnxTensor? numbers)
            || numbers.Floats.Length != BaseOf(node, at).Shape.Channels)
        {
            return false;
        }

        OnnxStep root = BaseOf(node, at);
        if (isGain)
        {
            _gains[node.Outputs[0]] = numbers.Floats;
            return Put(node, "gained", root);
        }

        steps[node.Outputs[0]] = root.Then(
            "layer_norm", root.Shape, _gains[node.Inputs[at]], numbers.Floats);
        return true;
    }

    private bool Put(OnnxNode node, string kind, OnnxStep root)
    {
        _parts[node.Outputs[0]] = (kind, root);
        return true;
    }

    private bool Is(OnnxNode node, int input, string kind) => input < node.Inputs.Count
        && _parts.TryGetValue(node.Inputs[input], out var part) && part.Kind == kind;

    private OnnxStep BaseOf(OnnxNode node, int input) => _parts[node.Inputs[input]].Base;

    private static bool IsStep(
        OnnxNode node, Dictionary<string, OnnxStep> steps, out OnnxStep? step)
    {
        step = node.Inputs.Count > 0 ? steps.GetValueOrDefault(node.Inputs[0]) : null;
        return step is { Order: OnnxOrder.Last or OnnxOrder.StepsFirst };
    }

    private static bool IsOverChannels(OnnxNode node, OnnxGraph graph, OnnxStep? step)
    {
        IReadOnlyList<long> axes = OnnxReduction.AxesOf(node, graph);
        return node.Number("keepdims", 1) == 1
            && (axes is [-1] || (step is { Shape.IsFlat: true } && axes is [1]));
    }

    private static float Number(OnnxNode node, OnnxGraph graph, int input) =>
        input < node.Inputs.Count
        && graph.Constants.GetValueOrDefault(node.Inputs[input]) is { Floats: [float number] }
            ? number : float.NaN;
}
