namespace NeuroDb.Neural;

/// <summary>How far the values of a column have moved between two sets of rows.</summary>
internal static class Drift
{
    private const int Bins = 10;
    private const int ValuesMax = 20;
    private const double LeastShare = 1e-4;

    /// <summary>
    /// The population stability index, the sum of (b - a) ln(b / a) over the shares of ten bins
    /// that hold equally many of the old rows, and one for missing values. Below 0.1 is usually
    /// called stable, above 0.25 moved. Shares below 0.0001 count as that.
    /// </summary>
    public static double StabilityIndex(
        ReadOnlySpan<double> before, ReadOnlySpan<double> after)
    {
        double[] sorted = Known(before);
        var bounds = new List<double>();
        for (int i = 1; i < Bins && sorted.Length > 0; i++)
        {
            double bound = sorted[(int)((long)i * sorted.Length / Bins)];
            if (bounds.Count == 0 || bound > bounds[^1])
            {
                bounds.Add(bound);
            }
        }

        double[] Count(ReadOnlySpan<double> values)
        {
            var counts = new double[bounds.Count + 2];
            foreach (double value in values)
            {
                int place = bounds.BinarySearch(value);
                counts[double.IsNaN(value) ? bounds.Count + 1 : place < 0 ? ~place : place + 1]++;
            }

            return counts;
        }

        return IndexOf(Count(before), Count(after));
    }

    /// <summary>
    /// The same of texts: the twenty most frequent old values, all others, and missing ones.
    /// </summary>
    public static double StabilityIndex(
        IReadOnlyList<string?> before, IReadOnlyList<string?> after)
    {
        Dictionary<string, int> places = before.OfType<string>()
            .GroupBy(value => value, StringComparer.Ordinal)
            .OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .Take(ValuesMax).Select((group, place) => (group.Key, place))
            .ToDictionary(it => it.Key, it => it.place, StringComparer.Ordinal);
        double[] Count(IReadOnlyList<string?> values)
        {
            var counts = new double[places.Count + 2];
            foreach (string? value in values)
            {
                counts[value == null ? places.Count + 1
                    : places.GetValueOrDefault(value, places.Count)]++;
            }

            return counts;
        }

        return IndexOf(Count(before), Count(after));
    }

    /// <summary>
    /// The Kolmogorov-Smirnov statistic of two samples: the largest difference of their
    /// distribution functions. Missing values are left out; 0 if one sample is empty.
    /// </summary>
    public static double KolmogorovSmirnov(
        ReadOnlySpan<double> before, ReadOnlySpan<double> after)
    {
        double[] first = Known(before);
        double[] second = Known(after);
        double largest = 0;
        for (int i = 0, j = 0; i < first.Length && j < second.Length;)
        {
            double value = Math.Min(first[i], second[j]);
            while (i < first.Length && first[i] <= value)
            {
                i++;
            }

            while (j < second.Length && second[j] <= value)
            {
                j++;
            }

            largest = Math.Max(
                largest, Math.Abs((i / (double)first.Length) - (j / (double)second.Length)));
        }

        return largest;
    }

    /// <summary>
    /// The probability of so large a statistic where nothing moved (the asymptotic formula of
    /// Smirnov, 1948, with Stephens's correction, JRSS B 32, 1970).
    /// </summary>
    public static double KolmogorovSmirnovProbability(double statistic, long first, long second)
    {
        if (first == 0 || second == 0 || statistic <= 0)
        {
            return 1;
        }

        double root = Math.Sqrt(first / (double)(first + second) * second);
        double lambda = (root + 0.12 + (0.11 / root)) * statistic;
        double sum = 0;
        for (int k = 1; k <= 100; k++)
        {
            sum += (k % 2 == 1 ? 2 : -2) * Math.Exp(-2.0 * k * k * lambda * lambda);
        }

        return lambda < 0.2 ? 1 : Math.Clamp(sum, 0, 1);
    }

    private static double[] Known(ReadOnlySpan<double> values)
    {
        double[] known = [.. values.ToArray().Where(value => !double.IsNaN(value))];
        Array.Sort(known);
        return known;
    }

    private static double IndexOf(double[] before, double[] after)
    {
        double first = before.Sum();
        double second = after.Sum();
        double index = 0;
        for (int i = 0; i < before.Length && first > 0 && second > 0; i++)
        {
            double a = Math.Max(LeastShare, before[i] / first);
            double b = Math.Max(LeastShare, after[i] / second);
            index += (b - a) * Math.Log(b / a);
        }

        return index;
    }
}
