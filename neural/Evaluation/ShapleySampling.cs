namespace NeuroDb.Neural;

/// <summary>
/// How much each feature, or group of features that belong together, moves one prediction away
/// from what the model says of other rows, as Shapley values by sampling (Strumbelj and Kononenko,
/// "Explaining prediction models and individual predictions with feature contributions", KAIS 41,
/// 2014, algorithm 2). In each sample the groups of a random other row are replaced by those of the
/// row one after another in a random order; what a step changes is the share of its group. The
/// shares of a sample add up exactly, so their means do.
/// </summary>
internal static class ShapleySampling
{
    private const int SamplesPerPiece = 16;

    /// <summary>The contribution of each group to an output of a row.</summary>
    /// <param name="model">The model.</param>
    /// <param name="row">The features of the row.</param>
    /// <param name="others">(rows, features) of other rows, at least one.</param>
    /// <param name="groups">The first feature and the number of features of each group.</param>
    /// <param name="output">Which output is explained.</param>
    /// <param name="samples">How many orders are tried; each changes all groups once.</param>
    /// <param name="seed">What the samples depend on.</param>
    public static FeatureShares Explain(
        Model model,
        ReadOnlyMemory<float> row,
        ReadOnlyMemory<float> others,
        IReadOnlyList<(int Start, int Length)> groups,
        int output,
        int samples,
        ulong seed)
    {
        int width = model.FeatureCount;
        int count = others.Length / width;
        Invariant.Check(count > 0 && row.Length == width && samples > 0);
        var random = new SeededRandomSource(seed);
        int steps = groups.Count + 1;
        var features = new float[SamplesPerPiece * steps * width];
        var outputs = new float[SamplesPerPiece * steps * model.OutputCount];
        var orders = new int[SamplesPerPiece][];
        var sums = new double[groups.Count];
        var squares = new double[groups.Count];
        double start = 0;
        for (int at = 0; at < samples; at += SamplesPerPiece)
        {
            int piece = Math.Min(SamplesPerPiece, samples - at);
            for (int i = 0; i < piece; i++)
            {
                orders[i] = [.. Enumerable.Range(0, groups.Count)];
                ArrayExamples.Shuffle(orders[i], random.NextUInt64());
                int other = (int)Math.BigMul(random.NextUInt64(), (ulong)count, out _);
                Fill(
                    features.AsSpan(i * steps * width, steps * width),
                    others.Span.Slice(other * width, width),
                    row.Span,
                    groups,
                    orders[i]);
            }

            model.Predict(features, piece * steps, outputs);
            for (int i = 0; i < piece; i++)
            {
                float Of(int step) => outputs[
                    (((i * steps) + step) * model.OutputCount) + output];
                start += Of(0);
                for (int step = 0; step < groups.Count; step++)
                {
                    double change = (double)Of(step + 1) - Of(step);
                    sums[orders[i][step]] += change;
                    squares[orders[i][step]] += change * change;
                }
            }
        }

        var whole = new float[model.OutputCount];
        model.Predict(row, 1, whole);
        return new FeatureShares(
            start / samples,
            whole[output],
            [.. sums.Select(sum => sum / samples)],
            [.. sums.Select((sum, i) => Math.Sqrt(Math.Max(
                0, (squares[i] / samples) - (sum / samples * (sum / samples))) / samples))]);
    }

    private static void Fill(
        Span<float> rows,
        ReadOnlySpan<float> other,
        ReadOnlySpan<float> row,
        IReadOnlyList<(int Start, int Length)> groups,
        int[] order)
    {
        int width = row.Length;
        other.CopyTo(rows);
        for (int step = 0; step < order.Length; step++)
        {
            Span<float> next = rows.Slice((step + 1) * width, width);
            rows.Slice(step * width, width).CopyTo(next);
            (int start, int length) = groups[order[step]];
            row.Slice(start, length).CopyTo(next[start..]);
        }
    }
}
