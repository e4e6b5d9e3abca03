using NeuroDb.Gpu;

namespace NeuroDb.Neural;

/// <summary>
/// Brings a sound to another rate by a windowed sinc (Smith, Digital Audio Resampling, 2002): each
/// new sample is the band-limited signal at its time, and what the new rate cannot hold is
/// filtered out. Immutable and shared by threads.
/// </summary>
/// <remarks>
/// y(j) = sum x(i) h(i - j from / to), h(t) = c sinc(c t) kaiser(t / reach), c = min(1, to / from)
/// and a little less. Outside of the sound is silence. The fractions of j from / to repeat after
/// to / gcd samples; where these are too many for a table, weights are drawn between its rows.
/// </remarks>
internal sealed class Resampler
{
    private const int ZeroCrossings = 24;
    private const double RollOff = 0.945;
    private const double KaiserBeta = 9;
    private const int WeightsMax = 1 << 17;
    private const int PhasesMin = 16;
    private const int PhasesMax = 512;

    private static volatile Resampler? _last;

    private readonly long _from;
    private readonly long _to;
    private readonly double _cutoff;
    private readonly int _reach;
    private readonly float[][] _phases;
    private readonly bool _isExact;

    private Resampler(int from, int to)
    {
        FromRate = from;
        ToRate = to;
        long divisor = Divisor(from, to);
        _from = from / divisor;
        _to = to / divisor;
        _cutoff = RollOff * Math.Min(1, to / (double)from);
        _reach = (int)Math.Ceiling(ZeroCrossings / _cutoff);
        int phases = Math.Clamp(WeightsMax / TapCount, PhasesMin, PhasesMax);
        _isExact = _to <= phases;
        phases = (int)Math.Min(_to, phases);
        _phases = new float[phases + 1][];
        for (int phase = 0; phase <= phases; phase++)
        {
            _phases[phase] = new float[TapCount];
            Fill(phase / (double)phases, _phases[phase]);
        }
    }

    /// <summary>The rate that comes in.</summary>
    public int FromRate { get; }

    /// <summary>The rate that goes out.</summary>
    public int ToRate { get; }

    private int TapCount => 2 * _reach;

    /// <summary>The resampler of two rates; the last one is kept.</summary>
    public static Resampler Of(int from, int to)
    {
        Resampler? last = _last;
        if (last?.FromRate != from || last.ToRate != to)
        {
            last = new Resampler(from, to);
            _last = last;
        }

        return last;
    }

    /// <summary>How many samples a sound of so many becomes.</summary>
    public long LengthOf(long length) => ((length * _to) + _from - 1) / _from;

    /// <summary>The whole sound at the new rate.</summary>
    public float[] Run(ReadOnlySpan<float> samples)
    {
        var target = new float[LengthOf(samples.Length)];
        Run(samples, 0, target);
        return target;
    }

    /// <summary>A part of the sound at the new rate.</summary>
    /// <param name="samples">The sound.</param>
    /// <param name="first">The number of the first sample that is wanted; may be negative.</param>
    /// <param name="target">The samples from there on; silence outside of the sound.</param>
    public void Run(ReadOnlySpan<float> samples, long first, Span<float> target)
    {
        Span<float> between = _isExact ? default : new float[TapCount];
        for (int j = 0; j < target.Length; j++)
        {
            long place = (first + j) * _from;
            long at = Math.DivRem(place, _to, out long phase);
            if (phase < 0)
            {
                at--;
                phase += _to;
            }

            if (_from == _to)
            {
                target[j] = at >= 0 && at < samples.Length ? samples[(int)at] : 0;
                continue;
            }

            // Taps stand at at - reach + 1 to at + reach.
            long start = at - _reach + 1;
            long skipped = Math.Max(0, -start);
            long end = Math.Min(TapCount, samples.Length - start);
            if (end <= skipped)
            {
                target[j] = 0;
                continue;
            }

            ReadOnlySpan<float> weights =
                _isExact ? _phases[(int)phase] : Between(phase, between);
            int count = (int)(end - skipped);
            target[j] = Dot.Compute(
                samples.Slice((int)(start + skipped), count),
                weights.Slice((int)skipped, count));
        }
    }

    private ReadOnlySpan<float> Between(long phase, Span<float> weights)
    {
        double place = phase * (_phases.Length - 1) / (double)_to;
        int row = (int)place;
        float share = (float)(place - row);
        float[] below = _phases[row];
        float[] above = _phases[row + 1];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = below[i] + (share * (above[i] - below[i]));
        }

        return weights;
    }

    private void Fill(double fraction, Span<float> weights)
    {
        double sum = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            double t = i - _reach + 1 - fraction;
            double x = Math.PI * _cutoff * t;
            double sinc = Math.Abs(x) < 1e-9 ? 1 : Math.Sin(x) / x;
            double across = t / _reach;
            double window = Math.Abs(across) >= 1
                ? 0 : Bessel(KaiserBeta * Math.Sqrt(1 - (across * across)));
            weights[i] = (float)(sinc * window);
            sum += sinc * window;
        }

        // A constant stays what it is.
        foreach (ref float weight in weights)
        {
            weight = (float)(weight / sum);
        }
    }

    /// <summary>The modified Bessel function of order zero, by its series.</summary>
    private static double Bessel(double x)
    {
        double term = 1;
        double sum = 1;
        for (int k = 1; term > sum * 1e-12; k++)
        {
            term *= x / (2 * k) * (x / (2 * k));
            sum += term;
        }

        return sum;
    }

    private static long Divisor(long a, long b) => b == 0 ? a : Divisor(b, a % b);
}
