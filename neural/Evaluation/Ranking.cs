namespace NeuroDb.Neural;

/// <summary>How well scores rank the rows of a class above the others.</summary>
internal static class Ranking
{
    /// <summary>The points of the ROC curve: false and true positive rates by threshold.</summary>
    public static IReadOnlyList<(double FalseRate, double TrueRate, double Threshold)> RocCurve(
        ReadOnlySpan<float> scores, ReadOnlySpan<bool> isPositive)
    {
        var points = new List<(double, double, double)> { (0, 0, double.PositiveInfinity) };
        (long Right, long Wrong, float Score)[] steps = StepsOf(scores, isPositive);
        long positives = steps.Length == 0 ? 0 : steps[^1].Right;
        long negatives = steps.Length == 0 ? 0 : steps[^1].Wrong;
        foreach ((long right, long wrong, float score) in steps)
        {
            points.Add((
                negatives == 0 ? double.NaN : wrong / (double)negatives,
                positives == 0 ? double.NaN : right / (double)positives,
                score));
        }

        return points;
    }

    /// <summary>The area under the ROC curve; NaN if a class is missing.</summary>
    public static double RocArea(ReadOnlySpan<float> scores, ReadOnlySpan<bool> isPositive)
    {
        double area = 0;
        (double FalseRate, double TrueRate, double) before = (0, 0, 0);
        foreach ((double falseRate, double trueRate, double threshold)
            in RocCurve(scores, isPositive))
        {
            area += (falseRate - before.FalseRate) * (trueRate + before.TrueRate) / 2;
            before = (falseRate, trueRate, threshold);
        }

        return area;
    }

    /// <summary>The points of the curve of precision over recall by threshold.</summary>
    public static IReadOnlyList<(double Recall, double Precision, double Threshold)>
        PrecisionCurve(ReadOnlySpan<float> scores, ReadOnlySpan<bool> isPositive)
    {
        (long Right, long Wrong, float Score)[] steps = StepsOf(scores, isPositive);
        long positives = steps.Length == 0 ? 0 : steps[^1].Right;
        return [.. steps.Select(step => (
            positives == 0 ? double.NaN : step.Right / (double)positives,
            step.Right / (double)(step.Right + step.Wrong),
            (double)step.Score))];
    }

    /// <summary>Average precision: the sum of precision times the step of recall.</summary>
    public static double PrecisionArea(ReadOnlySpan<float> scores, ReadOnlySpan<bool> isPositive)
    {
        double area = 0;
        double before = 0;
        foreach ((double recall, double precision, _) in PrecisionCurve(scores, isPositive))
        {
            area += (recall - before) * precision;
            before = recall;
        }

        return area;
    }

    /// <summary>Right and wrong ones down to each score, from the highest; ties together.</summary>
    private static (long Right, long Wrong, float Score)[] StepsOf(
        ReadOnlySpan<float> scores, ReadOnlySpan<bool> isPositive)
    {
        float[] sorted = scores.ToArray();
        bool[] flags = isPositive.ToArray();
        Array.Sort(sorted, flags);
        var steps = new List<(long, long, float)>();
        long right = 0;
        long wrong = 0;
        for (int i = sorted.Length - 1; i >= 0; i--)
        {
            right += flags[i] ? 1 : 0;
            wrong += flags[i] ? 0 : 1;
            if (i == 0 || sorted[i - 1] != sorted[i])
            {
                steps.Add((right, wrong, sorted[i]));
            }
        }

        return [.. steps];
    }
}
