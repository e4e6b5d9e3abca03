using System.Globalization;

namespace NeuroDb.Neural;

/// <summary>
/// Knows self attention of several heads by its operators, in whatever order a program writes
/// them: products for queries, keys and values, together or apart; reshapes, slices and
/// transpositions that deal the channels out to heads; a softmax over scores; a product behind.
/// </summary>
internal sealed class OnnxAttention(OnnxGraph graph, OnnxSizes sizes)
{
    private const string Dense = "dense(";
    private readonly Dictionary<string, OnnxArranged> _values = new(StringComparer.Ordinal);

    /// <summary>Whether a value is a part of a pattern that is not complete.</summary>
    public bool Knows(string value) => _values.ContainsKey(value);

    /// <summary>The sizes of a value, with what stands for the rows; null if not known.</summary>
    public long[]? SizesOf(string value, Dictionary<string, OnnxStep> steps) =>
        ValueOf(value, steps)?.Sizes;

    /// <summary>Takes an operator that is a part of one; false if it is none.</summary>
    public bool TryTake(OnnxNode node, Dictionary<string, OnnxStep> steps)
    {
        bool isPart = node.Inputs.Any(_values.ContainsKey);
        bool isStart = node.Operator is "Slice" or "Split" or "Reshape" or "Unsqueeze"
            or "MatMul";
        int at = node.Inputs.Count > 1 && graph.Constants.ContainsKey(node.Inputs[0]) ? 1 : 0;
        if ((!isPart && !isStart) || node.Inputs.Count == 0
            || ValueOf(node.Inputs[at], steps) is not { } value)
        {
            return false;
        }

        if (!isPart && (value.Dimensions.Count < 3 || !IsStart(node, value, steps)))
        {
            return false;
        }

        if (node.Operator == "Split")
        {
            return TrySplit(node, value);
        }

        OnnxArranged? result = node.Operator switch
        {
            "Identity" or "Dropout" or "Cast" => value,
            "Reshape" => sizes.TargetOf(node, value.Sizes) is { } target
                ? value.Reshaped(target) : null,
            "Unsqueeze" => Widened(node, value),
            "Squeeze" => Narrowed(node, value),
            "Transpose" => value.Transposed(node.Numbers("perm")),
            "Slice" => Sliced(node, value),
            "Gather" => sizes.WholeNumbersOf(node, 1) is [long index]
                ? value.Chosen(node.Number("axis", 0), index) : null,
            "Add" => Biased(node, value, 1 - at),
            "Mul" when sizes.NumberOf(node, 1 - at) is float factor => Scaled(value, factor),
            "Div" when sizes.NumberOf(node, 1) is float divisor => Scaled(value, 1 / divisor),
            "Softmax" => Shared(node, value),
            "MatMul" when at == 0 => Product(node, value, steps),
            "Gemm" => Projected(node, value),
            _ => null,
        };
        return result is not null && Put(node.Outputs[0], result, steps);
    }

    private OnnxArranged? ValueOf(string value, Dictionary<string, OnnxStep> steps) =>
        _values.TryGetValue(value, out OnnxArranged? known) ? known
            : steps.TryGetValue(value, out OnnxStep? step) ? OnnxArranged.Of(step, sizes.Rows)
            : null;

    // Of a plain step only what deals its channels out; the rest is the importer's.
    private bool IsStart(
        OnnxNode node, OnnxArranged value, Dictionary<string, OnnxStep> steps) =>
        node.Operator switch
        {
            "Reshape" => sizes.TargetOf(node, value.Sizes) is { } target
                && (target.Length > 2 || (target.Length == 2 && target[0] != sizes.Rows)),
            "MatMul" => node.Inputs.Count > 1 && ValueOf(node.Inputs[1], steps) is not null,
            _ => true,
        };

    private bool Put(string name, OnnxArranged value, Dictionary<string, OnnxStep> steps)
    {
        if (value.AsStep() is { } step)
        {
            steps[name] = step;
        }
        else
        {
            _values[name] = value;
        }

        return true;
    }

    private bool TrySplit(OnnxNode node, OnnxArranged value)
    {
        long axis = node.Number("axis", 0);
        int at = (int)(axis < 0 ? axis + value.Dimensions.Count : axis);
        if (at < 0 || at >= value.Dimensions.Count)
        {
            return false;
        }

        int count = node.Outputs.Count;
        long[] parts = sizes.WholeNumbersOf(node, 1)
            ?? (node.Numbers("split") is { Count: > 0 } given ? [.. given]
            : [.. Enumerable.Repeat(value.Sizes[at] / count, count)]);
        long start = 0;
        for (int i = 0; i < count && i < parts.Length; i++)
        {
            if (value.Sliced(at, start, start + parts[i]) is not { } part)
            {
                return false;
            }

            _values[node.Outputs[i]] = part;
            start += parts[i];
        }

        return start == value.Sizes[at];
    }

    private OnnxArranged? Sliced(OnnxNode node, OnnxArranged value)
    {
        long axis = node.Inputs.Count > 3 && node.Inputs[3].Length > 0
            ? sizes.WholeNumbersOf(node, 3) is [long given] ? given : long.MinValue : 0;
        bool isPlain = node.Inputs.Count < 5 || sizes.WholeNumbersOf(node, 4) is [1];
        return isPlain && axis > int.MinValue
            && sizes.WholeNumbersOf(node, 1) is [long start]
            && sizes.WholeNumbersOf(node, 2) is [long end]
                ? value.Sliced(axis, start, end) : null;
    }

    private OnnxArranged? Widened(OnnxNode node, OnnxArranged value)
    {
        IReadOnlyList<long> axes = OnnxReduction.AxesOf(node, graph);
        List<IReadOnlyList<OnnxAxis>> dimensions = [.. value.Dimensions];
        int rank = dimensions.Count + axes.Count;
        foreach (long axis in axes.Select(it => it < 0 ? it + rank : it).Order())
        {
            if (axis < 0 || axis > dimensions.Count)
            {
                return null;
            }

            dimensions.Insert((int)axis, []);
        }

        return value with { Dimensions = dimensions };
    }

    private OnnxArranged? Narrowed(OnnxNode node, OnnxArranged value)
    {
        int rank = value.Dimensions.Count;
        long[] axes = [.. OnnxReduction.AxesOf(node, graph).Select(it => it < 0 ? it + rank : it)];
        return axes.Length > 0
            && axes.All(it => it >= 0 && it < rank && value.Dimensions[(int)it].Count == 0)
                ? value with
                {
                    Dimensions = [.. value.Dimensions.Where((_, i) => !axes.Contains(i))],
                }
                : null;
    }

    private static OnnxArranged? Scaled(OnnxArranged value, float factor) =>
        value.Kind is OnnxArrangedKind.Features or OnnxArrangedKind.Scores
            ? value with { Factor = value.Factor * factor } : null;

    private OnnxArranged? Biased(OnnxNode node, OnnxArranged value, int at) =>
        value is { Kind: OnnxArrangedKind.Features, Offset: 0, Factor: 1 }
        && node.Inputs.Count == 2
        && graph.Constants.GetValueOrDefault(node.Inputs[at]) is { IsFloat: true } bias
        && bias.Floats.Length == value.Step.Shape.Channels
        && OnnxArranged.IsAll(value.Last, OnnxAxisKind.Channel, bias.Floats.Length)
            ? value with { Step = OnnxDense.AddBias(value.Step, bias, node) } : null;

    private OnnxArranged? Shared(OnnxNode node, OnnxArranged value)
    {
        int rank = value.Dimensions.Count;
        long axis = node.Number("axis", graph.OperatorVersion < 13 ? 1 : -1);
        return value.Kind == OnnxArrangedKind.Scores && (axis == -1 || axis == rank - 1)
            ? value with { Kind = OnnxArrangedKind.Shares } : null;
    }

    private OnnxArranged? Product(
        OnnxNode node, OnnxArranged value, Dictionary<string, OnnxStep> steps)
    {
        if (node.Inputs.Count < 2 || graph.Constants.ContainsKey(node.Inputs[1]))
        {
            return Projected(node, value);
        }

        if (ValueOf(node.Inputs[1], steps) is not { Kind: OnnxArrangedKind.Features } other
            || other.Dimensions.Count != value.Dimensions.Count || value.Dimensions.Count < 3
            || !BatchOf(value).SequenceEqual(BatchOf(other)))
        {
            return null;
        }

        IReadOnlyList<OnnxAxis> rows = value.Dimensions[^2];
        IReadOnlyList<OnnxAxis> otherRows = other.Dimensions[^2];
        if (value.Kind == OnnxArrangedKind.Features
            && OnnxArranged.IsOne(value.Last, OnnxAxisKind.Channel)
            && OnnxArranged.IsOne(otherRows, OnnxAxisKind.Channel)
            && OnnxArranged.IsOne(rows, OnnxAxisKind.Place)
            && OnnxArranged.IsOne(other.Last, OnnxAxisKind.Place)
            && value.Last[0].Size == otherRows[0].Size)
        {
            return new OnnxArranged(
                OnnxArrangedKind.Scores,
                value.Step,
                [.. value.Dimensions.Take(value.Dimensions.Count - 1), other.Last])
            {
                Query = value, Key = other,
            };
        }

        return value.Kind == OnnxArrangedKind.Shares
            && OnnxArranged.IsOne(otherRows, OnnxAxisKind.Place)
            && OnnxArranged.IsOne(other.Last, OnnxAxisKind.Channel)
                ? Heard(value, other) : null;
    }

    // The channels of what is heard are counted anew: those of a head together.
    private static OnnxArranged Heard(OnnxArranged shares, OnnxArranged values)
    {
        long depth = values.Last[0].Size;
        return shares with
        {
            Kind = OnnxArrangedKind.Heard,
            Value = values,
            Dimensions =
            [
                .. shares.Dimensions.Take(shares.Dimensions.Count - 2)
                    .Select(it => it.Select(part => part.Kind == OnnxAxisKind.Channel
                        ? part with { Stride = depth } : part).ToArray()),
                shares.Dimensions[^2],
                [new OnnxAxis(OnnxAxisKind.Channel, depth, 1)],
            ],
        };
    }

    private static IEnumerable<(OnnxAxisKind Kind, long Size)> BatchOf(OnnxArranged value) =>
        value.Dimensions.Take(value.Dimensions.Count - 2)
            .SelectMany(static it => it)
            .Select(static it => (it.Kind, it.Size));

    /// <summary>A product with a matrix, behind what is heard or behind a whole step.</summary>
    private OnnxArranged? Projected(OnnxNode node, OnnxArranged value)
    {
        bool isGemm = node.Operator == "Gemm";
        bool isTransposed = isGemm && node.Number("transB", 0) != 0;
        OnnxTensor? weights = node.Inputs.Count > 1
            ? graph.Constants.GetValueOrDefault(node.Inputs[1]) : null;
        OnnxTensor? bias = isGemm && node.Inputs.Count > 2
            ? graph.Constants.GetValueOrDefault(node.Inputs[2]) : null;
        bool isPlain = weights is { IsFloat: true, Shape.Count: 2 }
            && (!isGemm || (node.Single("alpha", 1) == 1 && node.Single("beta", 1) == 1
                && node.Number("transA", 0) == 0 && value.Dimensions.Count == 2));
        OnnxStep? before = !isPlain ? null
            : value.Kind == OnnxArrangedKind.Heard ? Attended(value)
            : value is { Kind: OnnxArrangedKind.Features, Offset: 0, Factor: 1 }
                && OnnxArranged.IsAll(
                    value.Last, OnnxAxisKind.Channel, value.Step.Shape.Channels)
                ? value.Step : null;
        if (before is null)
        {
            return null;
        }

        OnnxStep dense =
            OnnxDense.Add(before, weights!, isTransposed, bias?.Floats, node);
        int units = dense.Shape.Channels;
        OnnxStep? step = value.Kind != OnnxArrangedKind.Heard ? dense
            : units != before.Shape.Channels ? null
            : before with { Parameters = [.. before.Parameters, .. dense.Parameters] };
        return step is null ? null : new OnnxArranged(
            OnnxArrangedKind.Features,
            step,
            [
                .. value.Dimensions.Take(value.Dimensions.Count - 1),
                units == 1 ? [] : [new OnnxAxis(OnnxAxisKind.Channel, units, 1)],
            ])
        {
            IsNew = true,
        };
    }

    /// <summary>The attention without the product behind it; null if it is none of ours.</summary>
    private static OnnxStep? Attended(OnnxArranged heard)
    {
        (OnnxArranged query, OnnxArranged key, OnnxArranged values) =
            (heard.Query!, heard.Key!, heard.Value!);
        OnnxAxis depth = query.Last[0];
        OnnxAxis[] heads = [.. HeadsOf(query)];
        OnnxStep? root = RootOf(query);
        long count = heads.Length == 0 ? 1 : heads[0].Size;
        int channels = root?.Shape.Channels ?? 0;
        bool isOurs = root is not null && heads.Length <= 1
            && ReferenceEquals(root, RootOf(key)) && ReferenceEquals(root, RootOf(values))
            && depth.Size == values.Last[0].Size && count * depth.Size == channels
            && OnnxArranged.IsAll(heard.Last, OnnxAxisKind.Channel, channels)
            && query.Dimensions[^2][0].Size == root.Shape.Places
            && key.Last[0].Size == root.Shape.Places
            && values.Dimensions[^2][0].Size == root.Shape.Places;
        if (!isOurs)
        {
            return null;
        }

        // Ours divides by the root of the depth; what the file does instead goes into the weights.
        float factor = heard.Factor * query.Factor * key.Factor * MathF.Sqrt(depth.Size);
        var matrix = new float[3 * channels * channels];
        var bias = new float[3 * channels];
        Copy(query, depth, factor, 0, matrix, bias);
        Copy(key, key.Dimensions[^2][0], 1, 1, matrix, bias);
        Copy(values, values.Last[0], values.Factor, 2, matrix, bias);
        return new OnnxStep(
            root,
            string.Create(CultureInfo.InvariantCulture, $"attention({count})"),
            [matrix, bias],
            root!.Shape,
            OnnxOrder.Last);
    }

    private static IEnumerable<OnnxAxis> HeadsOf(OnnxArranged part) =>
        part.Dimensions.Take(part.Dimensions.Count - 2)
            .SelectMany(static it => it)
            .Where(static it => it.Kind == OnnxAxisKind.Channel);

    private static OnnxStep DenseOf(OnnxArranged part)
    {
        OnnxStep step = part.Step;
        while (step.Text.Length == 0 && step.Parent is not null)
        {
            step = step.Parent;
        }

        return step;
    }

    private static OnnxStep? RootOf(OnnxArranged part)
    {
        OnnxStep? step = DenseOf(part);
        if (!step.Text.StartsWith(Dense, StringComparison.Ordinal))
        {
            return null;
        }

        step = step.Parent;
        while (step is { Text.Length: 0, Parent: not null })
        {
            step = step.Parent;
        }

        return step;
    }

    /// <summary>The columns of queries, keys or values among those of our layer.</summary>
    private static void Copy(
        OnnxArranged part, OnnxAxis depth, float factor, int which, float[] matrix, float[] bias)
    {
        OnnxStep dense = DenseOf(part);
        int given = dense.Shape.Channels;
        int channels = bias.Length / 3;
        OnnxAxis[] heads = [.. HeadsOf(part)];
        for (int column = 0; column < channels; column++)
        {
            long from = part.Offset + (column % depth.Size * depth.Stride)
                + (heads.Length == 0 ? 0 : column / depth.Size * heads[0].Stride);
            int to = (which * channels) + column;
            bias[to] = dense.Parameters[1][from] * factor;
            for (int row = 0; row < channels; row++)
            {
                matrix[(row * 3 * channels) + to] =
                    dense.Parameters[0][(row * given) + from] * factor;
            }
        }
    }
}
