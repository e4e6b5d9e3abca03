namespace NeuroDb.Neural;

/// <summary>How many rows of each class were said to be of each class.</summary>
internal sealed class ConfusionMatrix
{
    private readonly long[] _counts;

    /// <summary>
    /// Counts rows. A prediction of -1 is none of the classes and counts as wrong.
    /// </summary>
    public ConfusionMatrix(
        int classes, ReadOnlySpan<int> expected, ReadOnlySpan<int> predicted)
    {
        if (expected.Length != predicted.Length)
        {
            throw new ArgumentException("There must be a prediction for each row.");
        }

        ClassCount = classes;
        _counts = new long[classes * (classes + 1)];
        for (int i = 0; i < expected.Length; i++)
        {
            int said = predicted[i] < 0 ? classes : predicted[i];
            _counts[(expected[i] * (classes + 1)) + said]++;
        }

        Total = expected.Length;
    }

    /// <summary>How many classes there are.</summary>
    public int ClassCount { get; }

    /// <summary>All rows.</summary>
    public long Total { get; }

    /// <summary>Rows of a class that were said to be of another, or the same.</summary>
    public long this[int expected, int predicted] =>
        _counts[(expected * (ClassCount + 1)) + predicted];

    /// <summary>Rows whose class was said.</summary>
    public long Right
    {
        get
        {
            long right = 0;
            for (int i = 0; i < ClassCount; i++)
            {
                right += this[i, i];
            }

            return right;
        }
    }

    /// <summary>Rows of a class.</summary>
    public long Support(int expected)
    {
        long sum = 0;
        for (int i = 0; i <= ClassCount; i++)
        {
            sum += this[expected, i];
        }

        return sum;
    }

    /// <summary>Rows that were said to be of a class.</summary>
    public long PredictedCount(int predicted)
    {
        long sum = 0;
        for (int i = 0; i < ClassCount; i++)
        {
            sum += this[i, predicted];
        }

        return sum;
    }
}
