using System.Globalization;

namespace NeuroDb.Neural;

/// <summary>Operators of ONNX graphs over the places of images and sequences, as our layers.
/// </summary>
internal static class OnnxSpatial
{
    private const float Epsilon = 1e-5f;

    private static OnnxStep EmbedIn(OnnxStep step, OnnxTensor table) => new(
        step,
        string.Create(
            CultureInfo.InvariantCulture, $"embedding({table.Shape[0]}, {table.Shape[1]})"),
        [table.Floats],
        new TensorShape(1, step.Shape.Length, table.Shape[1]),
        OnnxOrder.Last)
    {
        Rank = 3,
    };

    /// <summary>Numbers added to all places of a sequence; null if they are no such.</summary>
    public static OnnxStep? TryPosition(OnnxStep step, OnnxTensor numbers)
    {
        TensorShape shape = step.Shape;
        bool isPosition = step is { Rank: 3 or 4, Order: OnnxOrder.Last } && shape.Places > 1
            && numbers.Floats.Length == shape.Length
            && numbers.Shape is [.., _, int channels] && channels == shape.Channels;
        return isPosition ? step.Then("position", shape, numbers.Floats) : null;
    }

    /// <summary>Rows of a table by number.</summary>
    public static OnnxStep Embed(OnnxNode node, OnnxGraph graph, OnnxStep step)
    {
        OnnxTensor table = Weights(node, graph, 0);
        return table.Shape is [> 0 and <= 1 << 24, > 0 and <= 4096] && step.Shape.IsFlat
            && step.Order == OnnxOrder.Last && node.Number("axis", 0) == 0
                ? EmbedIn(step, table)
                : throw OnnxImporter.Unsupported(node, "its table");
    }

    /// <summary>A convolution, or one of each channel by itself.</summary>
    public static OnnxStep Convolve(OnnxNode node, OnnxGraph graph, OnnxStep step)
    {
        OnnxTensor weights = Weights(node, graph, 1);
        if (step.Rank == 3 && weights.Shape is [int outputs, int inputs, int taps])
        {
            weights = weights with { Shape = [outputs, inputs, 1, taps] };
        }

        long groups = node.Number("group", 1);
        TensorShape input = step.Shape;
        bool isDepthwise = groups > 1 && groups == input.Channels;
        if (weights.Shape is not [int filters, int inner, int height, int width]
            || step.Order != OnnxOrder.First
            || inner != (isDepthwise ? 1 : input.Channels)
            || (groups != 1 && (!isDepthwise || filters != input.Channels)))
        {
            throw OnnxImporter.Unsupported(node, "its weights or its groups");
        }

        (string arguments, TensorShape output) =
            OnnxWindow.Of(node, input, filters, height, width);
        float[] bias = Constant(node, graph, 2)?.Floats ?? new float[filters];
        string text = isDepthwise ? $"depthwise({arguments})"
            : string.Create(CultureInfo.InvariantCulture, $"conv({filters}, {arguments})");
        return bias.Length == filters
            ? step.Then(text, output, OnnxDense.ChannelsLast(weights), bias)
            : throw OnnxImporter.Unsupported(node, "its bias");
    }

    /// <summary>A maximum or a mean of windows.</summary>
    public static OnnxStep Pool(OnnxNode node, OnnxStep step)
    {
        IReadOnlyList<long> kernel = node.Numbers("kernel_shape");
        kernel = step.Rank == 3 && kernel is [long taps] ? [1, taps] : kernel;
        bool isMaximum = node.Operator == "MaxPool";
        bool isKnown = kernel is [>= 1 and <= 16, >= 1 and <= 16]
            && step.Order == OnnxOrder.First
            && (isMaximum || node.Number("count_include_pad", 0) == 0
                || node.Numbers("pads").All(static pad => pad == 0));
        if (!isKnown)
        {
            throw OnnxImporter.Unsupported(node, "its window");
        }

        (string arguments, TensorShape output) = OnnxWindow.Of(
            node, step.Shape, step.Shape.Channels, (int)kernel[0], (int)kernel[1]);
        return step.Then($"{(isMaximum ? "maxpool" : "avgpool")}({arguments})", output);
    }

    /// <summary>A maximum or a mean of all places.</summary>
    public static OnnxStep GlobalPool(OnnxNode node, OnnxStep step, string text) =>
        step.Order == OnnxOrder.First
            ? step.Flat(text, step.Shape.Channels)
            : throw OnnxImporter.Unsupported(node, "the order of its input");

    /// <summary>Channels with their moments taken out.</summary>
    public static OnnxStep BatchNormalize(OnnxNode node, OnnxGraph graph, OnnxStep step)
    {
        float[][] numbers = [.. Enumerable.Range(1, 4).Select(
            i => step.Reorder(Weights(node, graph, i).Floats))];
        bool isKnown = numbers.All(part => part.Length == step.Shape.Channels)
            && (step.Shape.IsFlat || step.Order == OnnxOrder.First);
        if (!isKnown)
        {
            throw OnnxImporter.Unsupported(node, "its weights or the order of its input");
        }

        // The epsilon of ours is fixed; the difference goes into the variance.
        float more = node.Single("epsilon", Epsilon) - Epsilon;
        numbers[3] = [.. numbers[3].Select(variance => variance + more)];
        return step.Then("batch_norm", step.Shape, numbers);
    }

    /// <summary>Places with their moments taken out.</summary>
    public static OnnxStep LayerNormalize(OnnxNode node, OnnxGraph graph, OnnxStep step)
    {
        bool isKnown = node.Number("axis", -1) == (step.Shape.IsFlat ? 1 : step.Rank - 1)
            || node.Number("axis", -1) == -1;
        float[] gain = Weights(node, graph, 1).Floats;
        float[] bias = Constant(node, graph, 2)?.Floats ?? new float[gain.Length];
        isKnown &= step.Order is OnnxOrder.Last or OnnxOrder.StepsFirst
            && gain.Length == step.Shape.Channels && bias.Length == gain.Length
            && Math.Abs(node.Single("epsilon", Epsilon) - Epsilon) < 1e-8f;
        return isKnown
            ? step.Then("layer_norm", step.Shape, gain, bias)
            : throw OnnxImporter.Unsupported(node, "its axis, epsilon or weights");
    }

    private static OnnxTensor? Constant(OnnxNode node, OnnxGraph graph, int index) =>
        index < node.Inputs.Count ? graph.Constants.GetValueOrDefault(node.Inputs[index]) : null;

    private static OnnxTensor Weights(OnnxNode node, OnnxGraph graph, int index) =>
        Constant(node, graph, index) is { IsFloat: true } tensor
            ? tensor
            : throw OnnxImporter.Unsupported(
                node, $"input {index + 1}, which is no constant of floats");
}
