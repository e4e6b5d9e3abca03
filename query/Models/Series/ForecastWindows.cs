using NeuroDb.Neural;

namespace NeuroDb.Query;

/// <summary>
/// Every place of a part from which a whole horizon lies in the part: the values before it are the
/// features, those of the horizon the targets.
/// </summary>
internal sealed class ForecastWindows
{
    private const long NumbersMax = 1L << 27;

    private ForecastWindows(
        int count, float[] features, float[] targets, SeriesWindow[] scales, double[] naive)
    {
        Count = count;
        Features = features;
        Targets = targets;
        Scales = scales;
        Naive = naive;
    }

    /// <summary>Windows.</summary>
    public int Count { get; }

    /// <summary>(windows, lags), without unit.</summary>
    public float[] Features { get; }

    /// <summary>(windows, horizon), without unit.</summary>
    public float[] Targets { get; }

    /// <summary>The unit of each window.</summary>
    public SeriesWindow[] Scales { get; }

    /// <summary>(windows, horizon): what was a season before, in the unit of the series.</summary>
    public double[] Naive { get; }

    /// <summary>The windows of a part.</summary>
    public static ForecastWindows Of(
        IReadOnlyList<TimeSeries> series, SplitPart part, ForecastSpec spec)
    {
        List<(TimeSeries Series, int Origin)> places = [.. series.SelectMany(
            one => OriginsOf(one, part, spec).Select(origin => (one, origin)))];
        long numbers = places.Count * (long)(spec.Lags + (3 * spec.Horizon));
        if (numbers > NumbersMax)
        {
            // Every n-th place says nearly as much as all of them.
            int step = (int)((numbers / NumbersMax) + 1);
            places = [.. places.Where((_, i) => i % step == 0)];
        }

        var features = new float[places.Count * spec.Lags];
        var targets = new float[places.Count * spec.Horizon];
        var scales = new SeriesWindow[places.Count];
        var naive = new double[targets.Length];
        for (int i = 0; i < places.Count; i++)
        {
            (TimeSeries one, int origin) = places[i];
            double[] values = [.. one.Values.Skip(origin - spec.Lags + 1).Take(spec.Lags)];
            scales[i] = SeriesWindow.Fill(
                values, spec.Season, features.AsSpan(i * spec.Lags, spec.Lags));
            for (int step = 0; step < spec.Horizon; step++)
            {
                int at = (i * spec.Horizon) + step;
                targets[at] = scales[i].In(one.Values[origin + 1 + step]);
                naive[at] = NaiveAt(one.Values, origin, step, spec.Season);
            }
        }

        return new ForecastWindows(places.Count, features, targets, scales, naive);
    }

    /// <summary>
    /// The value of the last season at the same place of it; the last one where nothing repeats.
    /// </summary>
    public static double NaiveAt(IReadOnlyList<double> values, int origin, int step, int season)
    {
        int back = season - (step % season);
        int at = origin + 1 - back;
        return values[Math.Max(0, at)];
    }

    private static IEnumerable<int> OriginsOf(
        TimeSeries series, SplitPart part, ForecastSpec spec)
    {
        (int start, int end) = series.RangeOf(part);
        int first = Math.Max(start - 1, spec.Lags - 1);
        return Enumerable.Range(first, Math.Max(0, end - spec.Horizon - first));
    }
}
