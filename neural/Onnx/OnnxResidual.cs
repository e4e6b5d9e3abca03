namespace NeuroDb.Neural;

/// <summary>Sums of two ways through an ONNX graph as residual blocks.</summary>
internal static class OnnxResidual
{
    /// <summary>
    /// The block of two ways from a common step: layers on one, on the other nothing, or one
    /// convolution of a pixel where the shape changes.
    /// </summary>
    public static OnnxStep Join(OnnxStep first, OnnxStep second, OnnxNode node)
    {
        OnnxStep start = OnnxStep.Common(first, second);
        List<OnnxStep> inner = first.Since(start);
        List<OnnxStep> around = second.Since(start);
        if (inner.Count < around.Count || (inner.Count == 1 && around.Count == 1
            && IsProjection(inner[0])))
        {
            (inner, around) = (around, inner);
        }

        bool isBlock = inner.Count > 0
            && first.Shape == second.Shape && first.Order == second.Order
            && (around.Count == 0 ? start.Shape == first.Shape
                : around.Count == 1 && start.Shape != first.Shape && IsProjection(around[0]));
        if (!isBlock)
        {
            throw NeuralErrors.UnsupportedOnnx(
                $"The sum {node.Name} is no residual block: one of its sides must be the input of "
                + "the block, or a convolution of one pixel where the shape changes.");
        }

        return new OnnxStep(
            start,
            $"residual({string.Join(", ", inner.Select(static step => step.Text))})",
            [.. inner.Concat(around).SelectMany(static step => step.Parameters)],
            first.Shape,
            first.Order);
    }

    private static bool IsProjection(OnnxStep step) =>
        step.Text.StartsWith("conv(", StringComparison.Ordinal)
        && step.Text.Contains(", 1, stride=", StringComparison.Ordinal);
}
