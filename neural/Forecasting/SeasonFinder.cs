namespace NeuroDb.Neural;

/// <summary>
/// Finds after how many steps a series repeats itself: the first peak of the autocorrelation of its
/// differences that stands out (Box and Jenkins, "Time Series Analysis", 1970, section 2.1).
/// </summary>
internal static class SeasonFinder
{
    private const int LagMax = 400;
    private const int RepeatsMin = 3;
    private const double CorrelationMin = 0.3;
    private const double AlmostBest = 0.9;

    /// <summary>The season; 1 if there is none.</summary>
    /// <param name="values">The values in the order of time.</param>
    /// <returns>The steps, and the correlation at that distance.</returns>
    public static (int Season, double Correlation) Find(ReadOnlySpan<double> values)
    {
        int most = Math.Min(LagMax, (values.Length - 1) / RepeatsMin);
        if (most < 2)
        {
            return (1, 0);
        }

        double[] changes = ChangesOf(values);
        var correlations = new double[most + 2];
        for (int lag = 1; lag < correlations.Length; lag++)
        {
            correlations[lag] = CorrelationAt(changes, lag);
        }

        double best = 0;
        for (int lag = 2; lag <= most; lag++)
        {
            best = IsPeak(correlations, lag) ? Math.Max(best, correlations[lag]) : best;
        }

        // Multiples of a season correlate as well as itself: the first of nearly equal ones.
        for (int lag = 2; lag <= most && best >= CorrelationMin; lag++)
        {
            if (IsPeak(correlations, lag) && correlations[lag] >= AlmostBest * best)
            {
                return (lag, correlations[lag]);
            }
        }

        return (1, best);
    }

    private static bool IsPeak(double[] correlations, int lag) =>
        correlations[lag] > correlations[lag - 1] && correlations[lag] >= correlations[lag + 1];

    private static double[] ChangesOf(ReadOnlySpan<double> values)
    {
        var changes = new double[values.Length - 1];
        double mean = 0;
        for (int i = 0; i < changes.Length; i++)
        {
            changes[i] = values[i + 1] - values[i];
            mean += changes[i] / changes.Length;
        }

        for (int i = 0; i < changes.Length; i++)
        {
            changes[i] -= mean;
        }

        return changes;
    }

    private static double CorrelationAt(double[] changes, int lag)
    {
        double product = 0;
        double square = 0;
        for (int i = 0; i < changes.Length; i++)
        {
            square += changes[i] * changes[i];
            product += i + lag < changes.Length ? changes[i] * changes[i + lag] : 0;
        }

        return square > 0 ? product / square : 0;
    }
}
