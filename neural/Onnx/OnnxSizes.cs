namespace NeuroDb.Neural;

/// <summary>
/// Computes what an ONNX graph computes of the sizes of its values: the shapes of reshapes, the
/// ends of slices, states of zeros. Where the number of rows is left open, a prime number that no
/// other size holds stands for it.
/// </summary>
internal sealed class OnnxSizes
{
    private const long AnyRows = int.MaxValue;
    private const int NumbersMax = 64;
    private readonly OnnxGraph _graph;
    private readonly Dictionary<string, double[]?> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _fractions = new(StringComparer.Ordinal);
    private readonly HashSet<string> _zeros = new(StringComparer.Ordinal);

    /// <summary>The sizes of a graph.</summary>
    public OnnxSizes(OnnxGraph graph)
    {
        _graph = graph;
        long given = graph.Inputs.Count > 0 && graph.Inputs[0].Shape.Count > 0
            ? graph.Inputs[0].Shape[0] : 0;
        Rows = given > 0 ? given : AnyRows;
    }

    /// <summary>How many rows there are, or what stands for it.</summary>
    public long Rows { get; }

    /// <summary>Whether a value is zeros.</summary>
    public bool IsZero(string value) => _zeros.Contains(value)
        || (_graph.Constants.GetValueOrDefault(value) is { IsFloat: true } tensor
            && tensor.Floats.All(static it => it == 0));

    /// <summary>The few numbers of a constant or of a computed size; null if not known.</summary>
    public double[]? NumbersOf(string value) =>
        _values.TryGetValue(value, out double[]? known) ? known
            : _graph.Constants.GetValueOrDefault(value) is not { } tensor ? null
            : tensor.IsFloat
                ? tensor.Floats.Length > NumbersMax
                    ? null : [.. tensor.Floats.Select(static it => (double)it)]
            : tensor.Numbers.Length > NumbersMax
                ? null : [.. tensor.Numbers.Select(static it => (double)it)];

    /// <summary>The whole numbers of one of the inputs of an operator.</summary>
    public long[]? WholeNumbersOf(OnnxNode node, int input) =>
        input < node.Inputs.Count && NumbersOf(node.Inputs[input]) is { } numbers
            ? [.. numbers.Select(static it => (long)it)] : null;

    /// <summary>The single number of one of the inputs of an operator.</summary>
    public float? NumberOf(OnnxNode node, int input) =>
        input < node.Inputs.Count && NumbersOf(node.Inputs[input]) is [double number]
            ? (float)number : null;

    /// <summary>The target of a reshape, with nothing left open; null if not known.</summary>
    public long[]? TargetOf(OnnxNode node, IReadOnlyList<long> from)
    {
        if (WholeNumbersOf(node, 1) is not { } target)
        {
            return null;
        }

        long product = 1;
        for (int i = 0; i < target.Length; i++)
        {
            target[i] = target[i] == 0 && i < from.Count ? from[i] : target[i];
            product *= target[i] > 0 ? target[i] : 1;
        }

        long all = from.Aggregate(1L, static (a, b) => a * b);
        int open = Array.IndexOf(target, -1);
        if (open >= 0 && product > 0)
        {
            target[open] = all / product;
        }

        return target;
    }

    /// <summary>Takes what only computes sizes, or zeros; false if it is neither.</summary>
    /// <param name="node">The operator.</param>
    /// <param name="sizesOf">The sizes of a value that is computed from the input.</param>
    public bool TryTake(OnnxNode node, Func<string, long[]?> sizesOf)
    {
        string output = node.Outputs[0];
        if (node.Operator is "Slice" or "Identity" or "Cast" or "Expand" && node.Inputs.Count > 0
            && (_zeros.Contains(node.Inputs[0])
                || (node.Operator == "Expand" && IsZero(node.Inputs[0]))))
        {
            _zeros.Add(output);
            return true;
        }

        bool isSize = node.Operator == "Shape"
            || (node.Inputs.Any(_values.ContainsKey) && node.Inputs.All(IsKnown))
            || (node.Operator is "Sqrt" or "Cast" && node.Inputs.All(IsKnown));
        if (!isSize)
        {
            return false;
        }

        if (node.Operator == "ConstantOfShape")
        {
            OnnxTensor? value = node.Attributes.GetValueOrDefault("value")?.Tensor;
            if (value is null || value.Floats is [0])
            {
                _zeros.Add(output);
            }

            return true;
        }

        double[]? result = node.Operator == "Shape" ? ShapeOf(node, sizesOf) : Compute(node);
        foreach (string name in node.Outputs)
        {
            _values[name] = result;
        }

        if (node.Operator == "Cast" ? node.Number("to", 0) == (long)OnnxElement.Float
            : node.Operator == "Sqrt" || node.Inputs.Any(IsFraction))
        {
            _fractions.Add(output);
        }

        return true;
    }

    private bool IsKnown(string input) =>
        input.Length == 0 || _values.ContainsKey(input) || _graph.Constants.ContainsKey(input);

    private bool IsFraction(string input) => _fractions.Contains(input)
        || _graph.Constants.GetValueOrDefault(input) is { IsFloat: true };

    private static double[]? ShapeOf(OnnxNode node, Func<string, long[]?> sizesOf)
    {
        if (node.Inputs.Count == 0 || sizesOf(node.Inputs[0]) is not { } sizes)
        {
            return null;
        }

        int count = sizes.Length;
        long start = node.Number("start", 0);
        long end = node.Number("end", count);
        start = Math.Clamp(start < 0 ? start + count : start, 0, count);
        end = Math.Clamp(end < 0 ? end + count : end, start, count);
        return [.. sizes[(int)start..(int)end].Select(static it => (double)it)];
    }

    private double[]? Compute(OnnxNode node)
    {
        double[]?[] inputs = [.. node.Inputs.Select(NumbersOf)];
        if (inputs.Length == 0 || inputs.Any(static it => it is null))
        {
            return null;
        }

        double[] first = inputs[0]!;
        double[] second = inputs.Length > 1 ? inputs[1]! : [];
        bool isWhole = !node.Inputs.Any(IsFraction);
        return node.Operator switch
        {
            "Identity" or "Cast" or "Unsqueeze" or "Squeeze" or "Reshape" => first,
            "Concat" => [.. inputs.SelectMany(static it => it!)],
            "Gather" => Chosen(first, second),
            "Slice" => Sliced(first, inputs),
            "Sqrt" => [.. first.Select(Math.Sqrt)],
            "Add" => Each(first, second, static (a, b) => a + b),
            "Sub" => Each(first, second, static (a, b) => a - b),
            "Mul" => Each(first, second, static (a, b) => a * b),
            "Div" => Each(
                first, second, (a, b) => isWhole ? b == 0 ? 0 : Math.Truncate(a / b) : a / b),
            _ => null,
        };
    }

    private static double[]? Chosen(double[] numbers, double[] places)
    {
        double[] found = [.. places.Select(it => it < 0 ? it + numbers.Length : it)];
        return found.All(it => it >= 0 && it < numbers.Length)
            ? [.. found.Select(it => numbers[(int)it])] : null;
    }

    private static double[]? Sliced(double[] numbers, double[]?[] inputs)
    {
        if (inputs.Length < 3 || inputs[1] is not [double start] || inputs[2] is not [double end]
            || (inputs.Length > 4 && inputs[4] is not [1]))
        {
            return null;
        }

        int count = numbers.Length;
        int from = (int)Math.Clamp(start < 0 ? start + count : start, 0, count);
        int to = (int)Math.Clamp(end < 0 ? end + count : end, from, count);
        return numbers[from..to];
    }

    private static double[]? Each(
        double[] first, double[] second, Func<double, double, double> compute)
    {
        int length = Math.Max(first.Length, second.Length);
        return first.Length > 0 && second.Length > 0
            && (first.Length == length || first.Length == 1)
            && (second.Length == length || second.Length == 1)
            ? [.. Enumerable.Range(0, length).Select(i => compute(
                first[first.Length == 1 ? 0 : i], second[second.Length == 1 ? 0 : i]))]
            : null;
    }
}
