namespace NeuroDb.Gpu;

/// <summary>
/// y = (x - mean) r gain + bias, r = 1 / sqrt(variance + epsilon), over each column, and its
/// gradient (Ioffe and Szegedy, "Batch Normalization", ICML 2015). Shapes: x, y (rows, columns),
/// all others (columns). Pixels count as rows. The variance divides by the number of rows.
/// </summary>
internal static class BatchNormalization
{
    /// <summary>What keeps the root away from zero.</summary>
    public const float Epsilon = 1e-5f;

    /// <summary>Mean and variance of every column: the definition, in double precision.</summary>
    public static void MomentsScalar(
        ReadOnlySpan<float> x, Span<double> mean, Span<double> variance)
    {
        int columns = mean.Length;
        int rows = x.Length / columns;
        mean.Clear();
        variance.Clear();
        for (int i = 0; i < x.Length; i++)
        {
            mean[i % columns] += (double)x[i] / rows;
        }

        for (int i = 0; i < x.Length; i++)
        {
            double difference = x[i] - mean[i % columns];
            variance[i % columns] += difference * difference / rows;
        }
    }

    /// <summary>
    /// The definition of the gradient: with h = (x - mean) r, dx = gain r (dy - mean(dy) - h
    /// mean(dy h)); gain and bias receive the sums of dy h and dy.
    /// </summary>
    public static void BackwardScalar(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> gain,
        ReadOnlySpan<float> dy,
        Span<double> dx,
        Span<double> gainGradient,
        Span<double> biasGradient)
    {
        int columns = gain.Length;
        int rows = x.Length / columns;
        var mean = new double[columns];
        var variance = new double[columns];
        var sum = new double[columns];
        var product = new double[columns];
        MomentsScalar(x, mean, variance);
        for (int i = 0; i < x.Length; i++)
        {
            int c = i % columns;
            sum[c] += dy[i];
            product[c] += dy[i] * (x[i] - mean[c]) / Math.Sqrt(variance[c] + Epsilon);
        }

        for (int i = 0; i < x.Length; i++)
        {
            int c = i % columns;
            double root = 1 / Math.Sqrt(variance[c] + Epsilon);
            double normal = (x[i] - mean[c]) * root;
            dx[i] = gain[c] * root
                * (dy[i] - (sum[c] / rows) - (normal * product[c] / rows));
        }

        for (int c = 0; c < columns; c++)
        {
            gainGradient[c] += product[c];
            biasGradient[c] += sum[c];
        }
    }

    /// <summary>Mean and variance of every column.</summary>
    public static void Moments(
        ReadOnlySpan<float> x, Span<float> mean, Span<float> variance, VectorWidth width)
    {
        Check(x, mean.Length, variance.Length, mean.Length);
        var action = new BatchNormalizationAction(
            BatchNormalizationPass.Moments, x, default, default, default, default, mean, variance);
        FloatDispatch.Run(width, ref action);
    }

    /// <summary>y from given means and variances; x and y may be the same memory.</summary>
    public static void Apply(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> mean,
        ReadOnlySpan<float> variance,
        ReadOnlySpan<float> gain,
        ReadOnlySpan<float> bias,
        Span<float> y,
        VectorWidth width)
    {
        Check(x, mean.Length, variance.Length, gain.Length);
        int columns = gain.Length;
        float[] scales = new float[2 * columns];
        for (int c = 0; c < columns; c++)
        {
            scales[c] = gain[c] / MathF.Sqrt(variance[c] + Epsilon);
            scales[columns + c] = bias[c] - (mean[c] * scales[c]);
        }

        var action = new BatchNormalizationAction(
            BatchNormalizationPass.Apply,
            x,
            default,
            scales.AsSpan(0, columns),
            scales.AsSpan(columns),
            default,
            y,
            default);
        FloatDispatch.Run(width, ref action);
    }

    /// <summary>The gradient; adds to those of gain and bias.</summary>
    public static void Backward(
        ReadOnlySpan<float> x,
        ReadOnlySpan<float> mean,
        ReadOnlySpan<float> variance,
        ReadOnlySpan<float> gain,
        ReadOnlySpan<float> dy,
        Span<float> dx,
        Span<float> gainGradient,
        Span<float> biasGradient,
        VectorWidth width)
    {
        Check(x, mean.Length, variance.Length, gain.Length);
        int columns = gain.Length;
        int rows = x.Length / columns;
        float[] work = new float[5 * columns];
        Span<float> sum = work.AsSpan(0, columns);
        Span<float> product = work.AsSpan(columns, columns);
        var sums = new BatchNormalizationAction(
            BatchNormalizationPass.Sums, x, dy, mean, default, default, sum, product);
        FloatDispatch.Run(width, ref sums);

        // dx = p dy + q x + s with numbers of the column.
        Span<float> p = work.AsSpan(2 * columns, columns);
        Span<float> q = work.AsSpan(3 * columns, columns);
        Span<float> s = work.AsSpan(4 * columns, columns);
        for (int c = 0; c < columns; c++)
        {
            float root = 1 / MathF.Sqrt(variance[c] + Epsilon);
            product[c] *= root;
            gainGradient[c] += product[c];
            biasGradient[c] += sum[c];
            p[c] = gain[c] * root;
            q[c] = -p[c] * root * product[c] / rows;
            s[c] = (-p[c] * sum[c] / rows) - (q[c] * mean[c]);
        }

        var action = new BatchNormalizationAction(
            BatchNormalizationPass.Gradient, x, dy, p, q, s, dx, default);
        FloatDispatch.Run(width, ref action);
    }

    private static void Check(ReadOnlySpan<float> x, int mean, int variance, int gain)
    {
        if (mean != variance || mean != gain || x.Length % mean != 0)
        {
            throw new ArgumentException("The arrays of a normalisation do not fit.");
        }
    }
}
