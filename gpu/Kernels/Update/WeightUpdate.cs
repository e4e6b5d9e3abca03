namespace NeuroDb.Gpu;

/// <summary>
/// One step of an optimizer over all weights in one pass. Shapes: weights, gradients (length);
/// moments (length), or empty where the rule has none. Rules: <see cref="UpdateRule"/>.
/// </summary>
internal static class WeightUpdate
{
    /// <summary>The definition, for one weight in double precision.</summary>
    public static double ComputeScalar(
        UpdateStep step, double weight, double gradient, ref double first, ref double second)
    {
        if (step.Rule == UpdateRule.AdamW)
        {
            weight *= 1 - ((double)step.Rate * step.WeightDecay);
        }
        else
        {
            gradient += step.WeightDecay * weight;
        }

        switch (step.Rule)
        {
            case UpdateRule.GradientDescent:
                return weight - (step.Rate * gradient);
            case UpdateRule.Momentum:
                first = (step.FirstDecay * first) + gradient;
                return weight - (step.Rate * first);
            case UpdateRule.RmsProp:
                second = (step.SecondDecay * second)
                    + ((1 - (double)step.SecondDecay) * gradient * gradient);
                return weight - (step.Rate * gradient / (Math.Sqrt(second) + step.Epsilon));
            case UpdateRule.AdaGrad:
                second += gradient * gradient;
                return weight - (step.Rate * gradient / (Math.Sqrt(second) + step.Epsilon));
            default:
                first = (step.FirstDecay * first) + ((1 - (double)step.FirstDecay) * gradient);
                second = (step.SecondDecay * second)
                    + ((1 - (double)step.SecondDecay) * gradient * gradient);
                return weight - (step.Rate / step.FirstCorrection * first
                    / ((Math.Sqrt(second) / step.SecondCorrection) + step.Epsilon));
        }
    }

    /// <summary>Whether the rule keeps a first moment.</summary>
    public static bool HasFirst(UpdateRule rule) =>
        rule is UpdateRule.Momentum or UpdateRule.Adam or UpdateRule.AdamW;

    /// <summary>Whether the rule keeps a second moment.</summary>
    public static bool HasSecond(UpdateRule rule) =>
        rule is not (UpdateRule.GradientDescent or UpdateRule.Momentum);

    /// <summary>One step.</summary>
    public static void Run(
        UpdateStep step,
        Span<float> weights,
        ReadOnlySpan<float> gradients,
        Span<float> first,
        Span<float> second,
        VectorWidth width)
    {
        if (weights.Length != gradients.Length
            || (HasFirst(step.Rule) && first.Length != weights.Length)
            || (HasSecond(step.Rule) && second.Length != weights.Length))
        {
            throw new ArgumentException("The arrays of an update differ in length.");
        }

        var action = new UpdateAction(step, weights, gradients, first, second);
        FloatDispatch.Run(width, ref action);
    }
}
