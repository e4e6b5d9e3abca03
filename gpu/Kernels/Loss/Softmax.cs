namespace NeuroDb.Gpu;

/// <summary>
/// p[j] = exp(x[j] - m) / sum over i of exp(x[i] - m), where m is the largest x of the row, and the
/// cross entropy of p against a class. Shapes: (rows, columns), at least one column.
/// </summary>
/// <remarks>
/// A row with NaN or with positive infinity gives NaN. The loss of a row is w (log sum exp - x of
/// the target), with targets (1 - s) for the class plus s / columns for every column when labels
/// are smoothed by s; its gradient is w (p - targets).
/// </remarks>
internal static class Softmax
{
    /// <summary>The definition of a row, in double precision.</summary>
    public static void ComputeScalar(ReadOnlySpan<float> x, Span<double> p)
    {
        double largest = double.NegativeInfinity;
        foreach (float value in x)
        {
            largest = Math.Max(largest, value);
        }

        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            p[i] = Math.Exp(x[i] - largest);
            sum += p[i];
        }

        for (int i = 0; i < x.Length; i++)
        {
            p[i] /= sum;
        }
    }

    /// <summary>The probabilities of all rows; x and p may be the same memory.</summary>
    public static void Compute(ReadOnlySpan<float> x, int columns, Span<float> p) =>
        Compute(x, columns, p, VectorWidths.Widest);

    /// <summary>The probabilities of all rows, with registers of a width.</summary>
    public static void Compute(
        ReadOnlySpan<float> x, int columns, Span<float> p, VectorWidth width)
    {
        Check(x.Length == p.Length && x.Length % columns == 0);
        var action = new SoftmaxAction(x, columns, p);
        FloatDispatch.Run(width, ref action);
    }

    /// <summary>
    /// Replaces probabilities by the gradient of the weighted cross entropy, divided by the
    /// divisor, and returns the weighted loss, not divided.
    /// </summary>
    /// <param name="x">The inputs of the softmax, (rows, columns).</param>
    /// <param name="p">The probabilities; becomes the gradient.</param>
    /// <param name="labels">The class of each row, a whole number below columns.</param>
    /// <param name="weights">The weight of each row, or empty for 1.</param>
    /// <param name="columns">The number of classes.</param>
    /// <param name="smoothing">How much of a label is spread over all classes.</param>
    /// <param name="divisor">What the gradient is divided by.</param>
    public static double CrossEntropy(
        ReadOnlySpan<float> x,
        Span<float> p,
        ReadOnlySpan<float> labels,
        ReadOnlySpan<float> weights,
        int columns,
        float smoothing,
        float divisor)
    {
        Check(x.Length == p.Length && labels.Length * columns == x.Length);
        double loss = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            float weight = weights.IsEmpty ? 1 : weights[row];
            loss += weight * CrossEntropyOfRow(
                x.Slice(row * columns, columns),
                p.Slice(row * columns, columns),
                (int)labels[row],
                smoothing,
                weight / divisor);
        }

        return loss;
    }

    private static double CrossEntropyOfRow(
        ReadOnlySpan<float> x, Span<float> p, int label, float smoothing, float scale)
    {
        // log p of the likeliest class is close to 0 and exact; the others are differences of x.
        int likeliest = 0;
        double total = 0;
        for (int i = 0; i < x.Length; i++)
        {
            likeliest = x[i] > x[likeliest] ? i : likeliest;
            total += x[i];
        }

        double logSum = x[likeliest] - Math.Log(p[likeliest]);
        double loss = logSum - ((1 - smoothing) * x[label]) - (smoothing * total / x.Length);
        float spread = smoothing / x.Length;
        for (int i = 0; i < p.Length; i++)
        {
            p[i] = (p[i] - spread) * scale;
        }

        p[label] -= (1 - smoothing) * scale;
        return loss;
    }

    private static void Check(bool fits)
    {
        if (!fits)
        {
            throw new ArgumentException("The arrays of a softmax differ in length.");
        }
    }
}
