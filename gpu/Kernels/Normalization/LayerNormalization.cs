namespace NeuroDb.Gpu;

/// <summary>
/// y = (x - mean) / sqrt(variance + epsilon) * gain + bias over each row, and its gradient (Ba,
/// Kiros and Hinton, "Layer Normalization", 2016). Shapes: x, y (rows, columns), gain, bias
/// (columns), moments (rows, 2): mean and 1 / sqrt(variance + epsilon). The variance divides by
/// the number of columns.
/// </summary>
internal static class LayerNormalization
{
    /// <summary>What keeps the root away from zero.</summary>
    public const float Epsilon = 1e-5f;

    /// <summary>The definition of one row, in double precision.</summary>
    public static void ForwardScalar(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> gain,
        ReadOnlySpan<float> bias,
        Span<double> y)
    {
        double mean = 0;
        double variance = 0;
        foreach (float value in x)
        {
            mean += (double)value / x.Length;
        }

        foreach (float value in x)
        {
            variance += (value - mean) * (value - mean) / x.Length;
        }

        for (int i = 0; i < x.Length; i++)
        {
            y[i] = ((x[i] - mean) / Math.Sqrt(variance + Epsilon) * gain[i]) + bias[i];
        }
    }

    /// <summary>
    /// The definition of the gradient of one row: with h = (x - mean) r and g = dy gain, dx = r (g
    /// - mean(g) - h mean(g h)); gain and bias receive dy h and dy.
    /// </summary>
    public static void BackwardScalar(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> gain,
        ReadOnlySpan<float> dy,
        Span<double> dx,
        Span<double> gainGradient,
        Span<double> biasGradient)
    {
        var normal = new double[x.Length];
        var ones = new float[x.Length];
        Array.Fill(ones, 1);
        ForwardScalar(x, ones, new float[x.Length], normal);
        double root = 0;
        double mean = 0;
        double meanOfProduct = 0;
        double average = 0;
        for (int i = 0; i < x.Length; i++)
        {
            average += (double)x[i] / x.Length;
            mean += (double)dy[i] * gain[i] / x.Length;
            meanOfProduct += dy[i] * gain[i] * normal[i] / x.Length;
            gainGradient[i] += dy[i] * normal[i];
            biasGradient[i] += dy[i];
        }

        foreach (float value in x)
        {
            root += (value - average) * (value - average) / x.Length;
        }

        root = 1 / Math.Sqrt(root + Epsilon);
        for (int i = 0; i < x.Length; i++)
        {
            dx[i] = root * (((double)dy[i] * gain[i]) - mean - (normal[i] * meanOfProduct));
        }
    }

    /// <summary>The normalised rows; fills the moments.</summary>
    public static void Forward(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> gain,
        ReadOnlySpan<float> bias,
        Span<float> y,
        Span<float> moments,
        VectorWidth width)
    {
        Check(x.Length == y.Length && gain.Length == bias.Length, x, gain, moments);
        var action = new LayerNormalizationAction(x, gain, bias, y, moments);
        FloatDispatch.Run(width, ref action);
    }

    /// <summary>The gradient; adds to those of gain and bias.</summary>
    public static void Backward(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> gain,
        ReadOnlySpan<float> dy,
        ReadOnlySpan<float> moments,
        Span<float> dx,
        Span<float> gainGradient,
        Span<float> biasGradient,
        VectorWidth width)
    {
        Check(
            x.Length == dy.Length && dx.Length == dy.Length
                && gainGradient.Length == gain.Length && biasGradient.Length == gain.Length,
            x,
            gain,
            moments);
        var action = new LayerNormalizationGradientAction(
            x, gain, dy, moments, dx, gainGradient, biasGradient);
        FloatDispatch.Run(width, ref action);
    }

    private static void Check(
        bool fits, ReadOnlySpan<float> x, ReadOnlySpan<float> gain, ReadOnlySpan<float> moments)
    {
        if (!fits || moments.Length * gain.Length != 2 * x.Length)
        {
            throw new ArgumentException("The arrays of a normalisation do not fit.");
        }
    }
}
