using System.Globalization;

namespace NeuroDb.Neural;

/// <summary>Matrix products of ONNX graphs as dense layers, and the order of weights.</summary>
internal static class OnnxDense
{
    private const string Name = "dense(";
    private const string Attention = "attention(";

    /// <summary>The dense layer of a product with a matrix.</summary>
    /// <param name="step">What goes in.</param>
    /// <param name="weights">The matrix.</param>
    /// <param name="isTransposed">Whether it is (out, in), not (in, out).</param>
    /// <param name="bias">The bias; null for none.</param>
    /// <param name="node">For errors.</param>
    public static OnnxStep Add(
        OnnxStep step, OnnxTensor weights, bool isTransposed, float[]? bias, OnnxNode node)
    {
        if (weights.Shape is not [int first, int second])
        {
            throw Unsupported(node);
        }

        int inner = isTransposed ? second : first;
        int units = isTransposed ? first : second;
        if (inner != step.Shape.Channels || (bias is not null && bias.Length != units))
        {
            throw Unsupported(node);
        }

        float[] matrix = step.Reorder(
            isTransposed ? Transposed(weights.Floats, units, inner) : weights.Floats);
        return new OnnxStep(
            step,
            string.Create(CultureInfo.InvariantCulture, $"{Name}{units})"),
            [matrix, bias ?? new float[units]],
            step.Shape with { Channels = units },
            step.Order == OnnxOrder.StepsFirst ? OnnxOrder.StepsFirst : OnnxOrder.Last);
    }

    /// <summary>The layer of a step with more bias.</summary>
    public static OnnxStep AddBias(OnnxStep step, OnnxTensor more, OnnxNode node)
    {
        float[] bias = step.Text.StartsWith(Name, StringComparison.Ordinal)
            || step.Text.StartsWith(Attention, StringComparison.Ordinal)
            ? step.Parameters[^1] : [];
        bool isOne = more.Floats.Length == 1;
        return bias.Length > 0 && (isOne || more.Floats.Length == bias.Length)
            ? step with
            {
                Parameters =
                [
                    .. step.Parameters.SkipLast(1),
                    [.. bias.Select((value, i) => value + more.Floats[isOne ? 0 : i])],
                ],
            }
            : throw Unsupported(node);
    }

    /// <summary>The layer of a step with all outputs multiplied.</summary>
    public static OnnxStep? Scaled(OnnxStep step, float factor) =>
        step.Text.StartsWith(Name, StringComparison.Ordinal)
            ? step with
            {
                Parameters =
                    [.. step.Parameters.Select(
                        part => part.Select(value => value * factor).ToArray())],
            }
            : null;

    /// <summary>
    /// Weights (out, in, height, width) as (height, width, in, out); of a convolution of each
    /// channel by itself (channels, 1, height, width) as (height, width, channels).
    /// </summary>
    public static float[] ChannelsLast(OnnxTensor weights)
    {
        int outputs = weights.Shape[0];
        int inputs = weights.Shape[1];
        int taps = weights.Shape[2] * weights.Shape[3];
        var ours = new float[weights.Floats.Length];
        for (int output = 0; output < outputs; output++)
        {
            for (int input = 0; input < inputs; input++)
            {
                for (int tap = 0; tap < taps; tap++)
                {
                    ours[(((tap * inputs) + input) * outputs) + output] =
                        weights.Floats[(((output * inputs) + input) * taps) + tap];
                }
            }
        }

        return ours;
    }

    private static float[] Transposed(float[] matrix, int rows, int columns)
    {
        var turned = new float[matrix.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                turned[(column * rows) + row] = matrix[(row * columns) + column];
            }
        }

        return turned;
    }

    private static NeuroStoreException Unsupported(OnnxNode node) =>
        NeuralErrors.UnsupportedOnnx(
            $"The operator {node.Operator} {node.Name} is no dense layer: its matrix or its bias "
            + "has another size than its input.");
}
