namespace NeuroDb.Neural;

/// <summary>
/// How much worse a model becomes on held-out rows when one feature, or one group of features that
/// belong together, is shuffled (Breiman, "Random Forests", 2001, section 10).
/// </summary>
internal static class PermutationImportance
{
    private const int Repeats = 5;

    /// <summary>The loss of the metric for each group; higher is more important.</summary>
    /// <param name="features">(rows, features) of held-out rows.</param>
    /// <param name="count">Rows.</param>
    /// <param name="groups">The first feature and the number of features of each group.</param>
    /// <param name="metric">A number that is higher for better outputs.</param>
    /// <param name="model">The model.</param>
    /// <param name="seed">What the shuffles depend on.</param>
    public static double[] Compute(
        ReadOnlyMemory<float> features,
        int count,
        IReadOnlyList<(int Start, int Length)> groups,
        Func<float[], double> metric,
        Model model,
        ulong seed)
    {
        float[] shuffled = features.ToArray();
        var outputs = new float[count * model.OutputCount];
        model.Predict(features, count, outputs);
        double whole = metric(outputs);
        var importance = new double[groups.Count];
        int[] order = new int[count];
        for (int group = 0; group < groups.Count; group++)
        {
            for (int repeat = 0; repeat < Repeats; repeat++)
            {
                for (int i = 0; i < count; i++)
                {
                    order[i] = i;
                }

                ArrayExamples.Shuffle(
                    order, Hash64.Combine(Hash64.Combine(seed, (ulong)group), (ulong)repeat));
                Move(features.Span, shuffled, order, groups[group], model.FeatureCount);
                model.Predict(shuffled, count, outputs);
                importance[group] += (whole - metric(outputs)) / Repeats;
            }

            for (int i = 0; i < count; i++)
            {
                order[i] = i;
            }

            Move(features.Span, shuffled, order, groups[group], model.FeatureCount);
        }

        return importance;
    }

    private static void Move(
        ReadOnlySpan<float> from,
        Span<float> to,
        int[] order,
        (int Start, int Length) group,
        int width)
    {
        for (int i = 0; i < order.Length; i++)
        {
            from.Slice((order[i] * width) + group.Start, group.Length)
                .CopyTo(to[((i * width) + group.Start)..]);
        }
    }
}
