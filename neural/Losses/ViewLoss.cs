namespace NeuroDb.Neural;

/// <summary>
/// <see cref="LossKind.Views"/>: of all other rows of a batch, that with the same target is to be
/// the nearest. A row that has no such row costs nothing.
/// </summary>
/// <remarks>
/// With z = y / |y| and s(i, j) = z_i z_j / t, the loss of a row i with the other view p is
/// -s(i, p) + log sum over k other than i of exp s(i, k) (Chen et al., ICML 2020, equation 1).
/// </remarks>
internal sealed class ViewLoss : Loss
{
    private const float Temperature = 0.2f;
    private const float LengthMin = 1e-6f;

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
        int count = targets.Length;
        var units = new float[count * width];
        var lengths = new float[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> output = outputs.Slice(i * width, width);
            lengths[i] = MathF.Max(
                (float)Math.Sqrt(VectorArithmetic.Dot(output, output)), LengthMin);
            VectorArithmetic.AddScaled(output, 1 / lengths[i], units.AsSpan(i * width, width));
        }

        var slopes = new float[count * width];
        double sum = 0;
        var shares = new double[count];
        for (int i = 0; i < count; i++)
        {
            sum += AddSlopes(i, units, targets, width, divisor, shares, slopes);
        }

        for (int i = 0; i < count; i++)
        {
            Span<float> slope = slopes.AsSpan(i * width, width);
            ReadOnlySpan<float> unit = units.AsSpan(i * width, width);
            float along = (float)VectorArithmetic.Dot(slope, unit);
            Span<float> result = gradient.Slice(i * width, width);
            result.Clear();
            VectorArithmetic.AddScaled(slope, 1 / lengths[i], result);
            VectorArithmetic.AddScaled(unit, -along / lengths[i], result);
        }

        return sum;
    }

    // The loss of a row, and what it says about the directions of all rows.
    private static double AddSlopes(
        int row,
        float[] units,
        ReadOnlySpan<float> targets,
        int width,
        float divisor,
        double[] shares,
        float[] slopes)
    {
        int other = -1;
        double largest = double.NegativeInfinity;
        ReadOnlySpan<float> own = units.AsSpan(row * width, width);
        for (int k = 0; k < targets.Length; k++)
        {
            shares[k] = k == row ? double.NegativeInfinity
                : VectorArithmetic.Dot(own, units.AsSpan(k * width, width)) / Temperature;
            largest = Math.Max(largest, shares[k]);
            other = k != row && targets[k] == targets[row] ? k : other;
        }

        if (other < 0)
        {
            return 0;
        }

        double right = shares[other];
        double all = 0;
        for (int k = 0; k < targets.Length; k++)
        {
            shares[k] = Math.Exp(shares[k] - largest);
            all += shares[k];
        }

        float scale = 1 / (divisor * Temperature);
        for (int k = 0; k < targets.Length; k++)
        {
            float slope = scale * (float)((shares[k] / all) - (k == other ? 1 : 0));
            if (k != row)
            {
                VectorArithmetic.AddScaled(
                    units.AsSpan(k * width, width), slope, slopes.AsSpan(row * width, width));
                VectorArithmetic.AddScaled(own, slope, slopes.AsSpan(k * width, width));
            }
        }

        return largest + Math.Log(all) - right;
    }
}
