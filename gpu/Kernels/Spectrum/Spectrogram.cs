namespace NeuroDb.Gpu;

/// <summary>
/// The short-time Fourier transform of a sound: for each frame the power |X[k]|^2 of each
/// frequency, or what mel filters sum of it, and the logarithms of that as an image.
/// </summary>
/// <remarks>
/// Shapes: samples ((frames - 1) hop + window) or more; power (bins, frames); mel (bands, frames).
/// Frame f is the window from sample f hop on. A NaN spreads over the frames that hold it.
/// </remarks>
internal static class Spectrogram
{
    /// <summary>Powers of ten below the loudest number that <see cref="Scale"/> keeps.</summary>
    public const int Decades = 8;

    // Less than the square of the last bit of 24-bit sound: silence, and no logarithm of zero.
    private const float Silence = 1e-12f;

    /// <summary>The samples that frames need.</summary>
    public static long SamplesOf(FourierPlan plan, int hop, int frames) =>
        ((long)(frames - 1) * hop) + plan.Window.Length;

    /// <summary>The definition: a sum for each frequency, in double precision.</summary>
    public static double[] PowerScalar(
        ReadOnlySpan<float> samples, FourierPlan plan, int hop, int frames)
    {
        var power = new double[plan.Bins * frames];
        for (int frame = 0; frame < frames; frame++)
        {
            for (int k = 0; k < plan.Bins; k++)
            {
                double re = 0;
                double im = 0;
                for (int n = 0; n < plan.Window.Length; n++)
                {
                    double window = (1 - Math.Cos(2 * Math.PI * n / plan.Window.Length)) / 2;
                    double x = samples[(frame * hop) + n] * window;
                    double angle = -2 * Math.PI * ((long)n * k % plan.Length) / plan.Length;
                    re += x * Math.Cos(angle);
                    im += x * Math.Sin(angle);
                }

                power[(k * frames) + frame] = (re * re) + (im * im);
            }
        }

        return power;
    }

    /// <summary>The definition of what the filters sum.</summary>
    public static double[] MelScalar(ReadOnlySpan<double> power, MelFilters filters, int frames)
    {
        var mel = new double[filters.Bands * frames];
        for (int band = 0; band < filters.Bands; band++)
        {
            int start = filters.Starts[band];
            for (int i = start; i < filters.Starts[band + 1]; i++)
            {
                int k = filters.Firsts[band] + i - start;
                for (int frame = 0; frame < frames; frame++)
                {
                    mel[(band * frames) + frame] +=
                        filters.Weights[i] * power[(k * frames) + frame];
                }
            }
        }

        return mel;
    }

    /// <summary>Fills power (bins, frames).</summary>
    public static void Power(
        ReadOnlySpan<float> samples, FourierPlan plan, int hop, Span<float> power) =>
        Power(samples, plan, hop, power, VectorWidths.Widest);

    /// <summary>Fills power (bins, frames) with a given register width.</summary>
    public static void Power(
        ReadOnlySpan<float> samples,
        FourierPlan plan,
        int hop,
        Span<float> power,
        VectorWidth width)
    {
        Check(samples, plan, hop, power.Length, plan.Bins);
        var action = new SpectrumAction(samples, plan, null, hop, power);
        FloatDispatch.Run(width, ref action);
    }

    /// <summary>Fills mel (bands, frames).</summary>
    public static void Mel(
        ReadOnlySpan<float> samples,
        FourierPlan plan,
        MelFilters filters,
        int hop,
        Span<float> mel) => Mel(samples, plan, filters, hop, mel, VectorWidths.Widest);

    /// <summary>Fills mel (bands, frames) with a given register width.</summary>
    public static void Mel(
        ReadOnlySpan<float> samples,
        FourierPlan plan,
        MelFilters filters,
        int hop,
        Span<float> mel,
        VectorWidth width)
    {
        Check(samples, plan, hop, mel.Length, filters.Bands);
        var action = new SpectrumAction(samples, plan, filters, hop, mel);
        FloatDispatch.Run(width, ref action);
    }

    /// <summary>
    /// Fills an image (bands, frames) with numbers from 0 to 1: 1 is the loudest of the sound, and
    /// 0 is <see cref="Decades"/> powers of ten below it or silent, so how loud the whole was does
    /// not matter.
    /// </summary>
    public static void LogMel(
        ReadOnlySpan<float> samples,
        FourierPlan plan,
        MelFilters filters,
        int hop,
        Span<float> image)
    {
        Mel(samples, plan, filters, hop, image);
        Scale(image);
    }

    /// <summary>x = max(0, 1 + log10(x / largest) / Decades), or 0 if all is silent.</summary>
    public static void Scale(Span<float> powers)
    {
        float largest = 0;
        foreach (float power in powers)
        {
            largest = Math.Max(largest, power);
        }

        // A logarithm for each of some thousand numbers is little beside their transforms.
        float loudest = MathF.Log10(largest);
        foreach (ref float power in powers)
        {
            power = power > Silence && largest > Silence
                ? Math.Max(0, 1 + ((MathF.Log10(power) - loudest) / Decades))
                : float.IsNaN(power) ? power : 0;
        }
    }

    private static void Check(
        ReadOnlySpan<float> samples, FourierPlan plan, int hop, int length, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hop, 1);
        bool fits = length % rows == 0
            && (length == 0 || samples.Length >= SamplesOf(plan, hop, length / rows));
        if (!fits)
        {
            throw new ArgumentException(
                $"{samples.Length} samples do not fill {length} numbers in rows of {rows}.");
        }
    }
}
