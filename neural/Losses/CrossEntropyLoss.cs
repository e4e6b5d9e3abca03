using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary><see cref="LossKind.CrossEntropy"/>, with labels smoothed if asked for.</summary>
internal sealed class CrossEntropyLoss(float labelSmoothing) : Loss
{
    /// <inheritdoc/>
    public override int TargetWidth(int outputs) => 1;

    /// <inheritdoc/>
    public override double Compute(
        ReadOnlySpan<float> outputs,
        ReadOnlySpan<float> targets,
        ReadOnlySpan<float> weights,
        int width,
        float divisor,
        Span<float> gradient)
    {
        Softmax.Compute(outputs, width, gradient);
        return Softmax.CrossEntropy(
            outputs, gradient, targets, weights, width, labelSmoothing, divisor);
    }

    /// <inheritdoc/>
    public override void ToPredictions(Span<float> outputs, int width) =>
        Softmax.Compute(outputs, width, outputs);
}
