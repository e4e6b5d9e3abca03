using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>The losses that compare each output with a number of its own.</summary>
internal sealed class PointLoss(LossKind kind) : Loss
{
    /// <inheritdoc/>
    public override double Compute(
        ReadOnlySpan<float> outputs,
        ReadOnlySpan<float> targets,
        ReadOnlySpan<float> weights,
        int width,
        float divisor,
        Span<float> gradient)
    {
        double sum = 0;
        float scale = 1 / (divisor * width);
        for (int i = 0; i < outputs.Length; i++)
        {
            float weight = weights.IsEmpty ? 1 : weights[i / width];
            (double loss, float slope) = Compute(outputs[i], targets[i]);
            sum += weight * loss;
            gradient[i] = slope * weight * scale;
        }

        return sum / width;
    }

    /// <inheritdoc/>
    public override void ToPredictions(Span<float> outputs, int width)
    {
        if (kind == LossKind.BinaryCrossEntropy)
        {
            Activation.Forward(ActivationKind.Sigmoid, outputs, outputs);
        }
    }

    private (double Loss, float Slope) Compute(float output, float target)
    {
        float difference = output - target;
        float size = MathF.Abs(difference);
        switch (kind)
        {
            case LossKind.MeanSquared:
                return ((double)difference * difference, 2 * difference);
            case LossKind.MeanAbsolute:
                return (size, difference > 0 ? 1 : difference < 0 ? -1 : difference);
            case LossKind.Huber:
                return size <= 1
                    ? (0.5 * difference * difference, difference)
                    : (size - 0.5, difference / size);
            default:
                // log(1 + exp(-|x|)) + max(x, 0) - x t never overflows.
                double tail = Math.Log(1 + Math.Exp(-Math.Abs((double)output)));
                double probability = 1 / (1 + Math.Exp(-(double)output));
                return (
                    tail + Math.Max(output, 0) - ((double)output * target),
                    (float)(probability - target));
        }
    }
}
