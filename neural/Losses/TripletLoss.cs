namespace NeuroDb.Neural;

/// <summary><see cref="LossKind.Triplet"/>, with Euclidean distances and a margin of 1.</summary>
internal sealed class TripletLoss : Loss
{
    private const float Margin = 1;
    private const float DistanceMin = 1e-6f;

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
        gradient.Clear();
        double sum = 0;
        for (int anchor = 0; anchor < targets.Length; anchor++)
        {
            int positive = -1;
            int negative = -1;
            float farthest = -1;
            float nearest = float.PositiveInfinity;
            for (int other = 0; other < targets.Length; other++)
            {
                float distance = Distance(outputs, anchor, other, width);
                if (targets[other] == targets[anchor])
                {
                    (positive, farthest) = other != anchor && distance > farthest
                        ? (other, distance) : (positive, farthest);
                }
                else if (distance < nearest)
                {
                    (negative, nearest) = (other, distance);
                }
            }

            float loss = farthest - nearest + Margin;
            if (positive >= 0 && negative >= 0 && !(loss <= 0))
            {
                float weight = weights.IsEmpty ? 1 : weights[anchor];
                sum += weight * (double)loss;
                Pull(outputs, anchor, positive, width, weight / divisor / farthest, gradient);
                Pull(outputs, anchor, negative, width, -weight / divisor / nearest, gradient);
            }
        }

        return sum;
    }

    private static float Distance(ReadOnlySpan<float> outputs, int a, int b, int width)
    {
        float sum = 0;
        for (int i = 0; i < width; i++)
        {
            float difference = outputs[(a * width) + i] - outputs[(b * width) + i];
            sum += difference * difference;
        }

        return MathF.Max(MathF.Sqrt(sum), DistanceMin);
    }

    private static void Pull(
        ReadOnlySpan<float> outputs, int a, int b, int width, float scale, Span<float> gradient)
    {
        for (int i = 0; i < width; i++)
        {
            float part = scale * (outputs[(a * width) + i] - outputs[(b * width) + i]);
            gradient[(a * width) + i] += part;
            gradient[(b * width) + i] -= part;
        }
    }
}
