namespace NeuroDb.Neural;

/// <summary>
/// Knows the operators that together are x (1 + erf(x / sqrt 2)) / 2, in the orders in which they
/// are written, and products with a single number behind a dense layer, which go into its weights.
/// </summary>
internal sealed class OnnxGelu
{
    private const float Tolerance = 1e-5f;
    private readonly Dictionary<string, (string Kind, OnnxStep Base, float Factor)> _parts =
        new(StringComparer.Ordinal);

    /// <summary>Whether a value is a part of a pattern that is not complete.</summary>
    public bool Knows(string value) => _parts.ContainsKey(value);

    /// <summary>Takes an operator that is a part of one; false if it is none.</summary>
    public bool TryTake(OnnxNode node, OnnxGraph graph, Dictionary<string, OnnxStep> steps)
    {
        string output = node.Outputs[0];
        switch (node.Operator)
        {
            case "Erf" when PartOf(node, 0, "scaled", out OnnxStep? root, out float factor)
                && Math.Abs(factor - MathF.Sqrt(0.5f)) < Tolerance:
                _parts[output] = ("erf", root!, 1);
                return true;
            case "Add" when Scalar(node, graph, out int other) is float one
                && PartOf(node, other, "erf", out OnnxStep? root, out _)
                && Math.Abs(one - 1) < Tolerance:
                _parts[output] = ("raised", root!, 1);
                return true;
            case "Mul" or "Div" when Scalar(node, graph, out int other) is float number
                && (node.Operator == "Mul" || other == 0):
                return TryScale(
                    output, node.Inputs[other], node.Operator == "Mul" ? number : 1 / number,
                    steps);
            case "Mul" when node.Inputs.Count == 2:
                return TryJoin(node, 0, 1, steps) || TryJoin(node, 1, 0, steps);
            default:
                return false;
        }
    }

    private bool TryScale(
        string output, string input, float factor, Dictionary<string, OnnxStep> steps)
    {
        if (_parts.TryGetValue(input, out var part))
        {
            // The half may come last.
            if (part.Kind == "product" && Math.Abs((part.Factor * factor) - 1) < Tolerance)
            {
                steps[output] = part.Base.Then("gelu", part.Base.Shape);
                return true;
            }

            _parts[output] = (part.Kind, part.Base, part.Factor * factor);
            return true;
        }

        if (!steps.TryGetValue(input, out OnnxStep? step))
        {
            return false;
        }

        _parts[output] = ("scaled", step, factor);
        if (OnnxDense.Scaled(step, factor) is { } dense)
        {
            steps[output] = dense;
        }

        return true;
    }

    // (x or x / 2) times (1 + erf ..).
    private bool TryJoin(OnnxNode node, int at, int other, Dictionary<string, OnnxStep> steps)
    {
        if (!PartOf(node, other, "raised", out OnnxStep? root, out float raised))
        {
            return false;
        }

        float factor;
        if (PartOf(node, at, "scaled", out OnnxStep? scaled, out float own)
            && ReferenceEquals(scaled, root))
        {
            factor = 2 * own * raised;
        }
        else if (ReferenceEquals(steps.GetValueOrDefault(node.Inputs[at]), root))
        {
            factor = 2 * raised;
        }
        else
        {
            return false;
        }

        if (Math.Abs(factor - 1) < Tolerance)
        {
            steps[node.Outputs[0]] = root!.Then("gelu", root.Shape);
        }
        else
        {
            _parts[node.Outputs[0]] = ("product", root!, factor);
        }

        return true;
    }

    private bool PartOf(
        OnnxNode node, int input, string kind, out OnnxStep? root, out float factor)
    {
        bool isThere = input < node.Inputs.Count
            && _parts.TryGetValue(node.Inputs[input], out var part) && part.Kind == kind;
        (_, root, factor) = isThere ? _parts[node.Inputs[input]] : default;
        return isThere;
    }

    private static float? Scalar(OnnxNode node, OnnxGraph graph, out int other)
    {
        other = 0;
        for (int i = 0; i < 2 && node.Inputs.Count == 2; i++)
        {
            if (graph.Constants.GetValueOrDefault(node.Inputs[i]) is { Floats: [float number] })
            {
                other = 1 - i;
                return number;
            }
        }

        return null;
    }
}
