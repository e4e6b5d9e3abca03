namespace NeuroDb.Gpu;

/// <summary>
/// Triangles over the frequencies of a spectrum whose corners stand evenly on the mel scale, by
/// which people judge pitch: mel(f) = 2595 log10(1 + f / 700) (O'Shaughnessy, Speech
/// Communication, 1987). Immutable and shared by threads.
/// </summary>
/// <remarks>
/// Band b rises from corner b to 1 at corner b + 1 and falls to corner b + 2. A triangle so narrow
/// that no frequency lies in it takes the nearest one, so that no band is always silent. Only the
/// weights that are not zero are kept, band after band.
/// </remarks>
internal sealed class MelFilters
{
    private readonly int[] _firsts;
    private readonly int[] _starts;
    private readonly float[] _weights;

    /// <summary>The filters of so many bands from 0 to half the rate.</summary>
    public MelFilters(int bands, int rate, FourierPlan plan)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bands, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bands, plan.Bins);
        ArgumentOutOfRangeException.ThrowIfLessThan(rate, 1);
        Bands = bands;
        _firsts = new int[bands];
        _starts = new int[bands + 1];
        var weights = new List<float>();
        double step = MelOf(rate / 2.0) / (bands + 1);
        double width = rate / (double)plan.Length;
        for (int b = 0; b < bands; b++)
        {
            double low = FrequencyOf(b * step) / width;
            double middle = FrequencyOf((b + 1) * step) / width;
            double high = FrequencyOf((b + 2) * step) / width;
            int first = (int)Math.Floor(low) + 1;
            int end = Math.Min((int)Math.Ceiling(high), plan.Bins);
            _firsts[b] = first;
            for (int k = first; k < end; k++)
            {
                weights.Add((float)(k < middle
                    ? (k - low) / (middle - low) : (high - k) / (high - middle)));
            }

            if (weights.Count == _starts[b])
            {
                _firsts[b] = Math.Min((int)Math.Round(middle), plan.Bins - 1);
                weights.Add(1);
            }

            _starts[b + 1] = weights.Count;
        }

        _weights = [.. weights];
    }

    /// <summary>How many filters there are.</summary>
    public int Bands { get; }

    /// <summary>The first frequency of each band, (Bands).</summary>
    public ReadOnlySpan<int> Firsts => _firsts;

    /// <summary>Where the weights of each band begin, (Bands + 1).</summary>
    public ReadOnlySpan<int> Starts => _starts;

    /// <summary>The weights of all bands.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    private static double MelOf(double frequency) => 2595 * Math.Log10(1 + (frequency / 700));

    private static double FrequencyOf(double mel) => 700 * (Math.Pow(10, mel / 2595) - 1);
}
