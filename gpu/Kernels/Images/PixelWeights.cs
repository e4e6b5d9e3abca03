namespace NeuroDb.Gpu;

/// <summary>
/// Which pixels along one side of an image make each pixel of another size, and with which
/// weights. Immutable and shared by threads.
/// </summary>
/// <remarks>
/// Pixel i of To has its middle at m = (i + 1/2) From / To - 1/2, and pixel j of From weighs
/// max(0, 1 - |j - m| / max(1, From / To)) of it, divided by the sum of all weights of i: a
/// triangle as wide as what it stands for, which is linear interpolation where an image grows.
/// </remarks>
internal sealed class PixelWeights
{
    private readonly int[] _firsts;
    private readonly int[] _starts;
    private readonly float[] _weights;

    /// <summary>The weights from one number of pixels to another.</summary>
    public PixelWeights(int from, int to)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(to, 1);
        From = from;
        _firsts = new int[to];
        _starts = new int[to + 1];
        double ratio = from / (double)to;
        double reach = Math.Max(1, ratio);
        var weights = new List<float>((int)Math.Min(1 << 20, 2L * (from + to)));
        for (int i = 0; i < to; i++)
        {
            double middle = ((i + 0.5) * ratio) - 0.5;
            int first = Math.Max(0, (int)Math.Floor(middle - reach) + 1);
            int end = Math.Min(from, (int)Math.Ceiling(middle + reach));
            _firsts[i] = Math.Min(first, from - 1);
            Append(weights, _firsts[i], Math.Max(end, _firsts[i] + 1), middle, reach);
            _starts[i + 1] = weights.Count;
        }

        _weights = [.. weights];
    }

    /// <summary>Pixels of the given side.</summary>
    public int From { get; }

    /// <summary>Pixels of the new side.</summary>
    public int To => _firsts.Length;

    /// <summary>The first pixel behind each new one, (To).</summary>
    public ReadOnlySpan<int> Firsts => _firsts;

    /// <summary>Where the weights of each new pixel begin, (To + 1).</summary>
    public ReadOnlySpan<int> Starts => _starts;

    /// <summary>The weights of all new pixels.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    private static void Append(
        List<float> weights, int first, int end, double middle, double reach)
    {
        double sum = 0;
        for (int j = first; j < end; j++)
        {
            sum += (float)Part(j, middle, reach);
        }

        for (int j = first; j < end; j++)
        {
            weights.Add(sum > 0
                ? (float)((float)Part(j, middle, reach) / sum) : 1f / (end - first));
        }
    }

    private static double Part(int pixel, double middle, double reach) =>
        Math.Max(0, 1 - (Math.Abs(pixel - middle) / reach));
}
