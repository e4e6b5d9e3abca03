namespace NeuroDb.Neural;

/// <summary>
/// Finds single features that say the target almost by themselves: more often a copy of the target
/// than a discovery.
/// </summary>
internal static class LeakageProbe
{
    private const double Suspicious = 0.999;

    /// <summary>
    /// The features, as columns of (rows, features), whose correlation with a number, or whose area
    /// under the ROC curve for a class, is above 0.999 either way.
    /// </summary>
    /// <param name="features">The features of the training.</param>
    /// <param name="targets">The targets, or classes.</param>
    /// <param name="classes">How many classes there are, 0 for numbers.</param>
    public static IReadOnlyList<(int Feature, double Strength)> Find(
        ReadOnlyMemory<float> features, ReadOnlyMemory<float> targets, int classes)
    {
        int rows = targets.Length;
        int columns = rows == 0 ? 0 : features.Length / rows;
        var found = new List<(int, double)>();
        for (int column = 0; column < columns; column++)
        {
            var values = new float[rows];
            for (int row = 0; row < rows; row++)
            {
                values[row] = features.Span[(row * columns) + column];
            }

            double strength = classes == 0
                ? Math.Abs(Correlation(values, targets.Span))
                : LargestArea(values, targets.Span, classes);
            if (strength > Suspicious)
            {
                found.Add((column, strength));
            }
        }

        return found;
    }

    private static double LargestArea(float[] values, ReadOnlySpan<float> labels, int classes)
    {
        double least = 1;
        for (int label = 0; label < (classes == 2 ? 1 : classes); label++)
        {
            var isPositive = new bool[values.Length];
            for (int i = 0; i < values.Length; i++)
            {
                isPositive[i] = (int)labels[i] == label;
            }

            double area = Ranking.RocArea(values, isPositive);
            least = Math.Min(least, Math.Max(area, 1 - area));
        }

        // With more classes one feature gives all away only if it sets each of the outer two apart.
        return double.IsNaN(least) ? 0 : classes == 2 ? least : LargestOrder(values, labels);
    }

    /// <summary>1 if the classes lie in separate stretches of the feature, else below.</summary>
    private static double LargestOrder(float[] values, ReadOnlySpan<float> labels)
    {
        float[] sorted = [.. values];
        float[] order = labels.ToArray();
        Array.Sort(sorted, order);
        int changes = 0;
        bool isTied = false;
        for (int i = 1; i < order.Length; i++)
        {
            changes += order[i] != order[i - 1] ? 1 : 0;
            isTied |= order[i] != order[i - 1] && sorted[i] == sorted[i - 1];
        }

        int classes = order.Distinct().Count();
        return !isTied && changes == classes - 1 ? 1 : 0;
    }

    private static double Correlation(float[] values, ReadOnlySpan<float> targets)
    {
        double meanX = values.Average(value => (double)value);
        double meanY = 0;
        foreach (float target in targets)
        {
            meanY += target / (double)targets.Length;
        }

        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double x = values[i] - meanX;
            double y = targets[i] - meanY;
            xy += x * y;
            xx += x * x;
            yy += y * y;
        }

        return xx > 0 && yy > 0 ? xy / Math.Sqrt(xx * yy) : 0;
    }
}
