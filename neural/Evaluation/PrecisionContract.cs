namespace NeuroDb.Neural;

/// <summary>
/// From which probability on rows that are said to be of a class are so with a precision, shown by
/// rows that the model did not train on.
/// </summary>
/// <remarks>
/// Candidates are the rows by falling probability; the first k of them pass if Clopper and
/// Pearson's lower bound of their share of right ones (Biometrika 26, 1934) reaches the precision.
/// Testing many k needs care: several starting points share the error by Bonferroni, and each goes
/// on to more rows until it fails once (Angelopoulos et al., "Learn then Test", 2021, section 4.2,
/// fixed sequence testing). So the confidence holds for the threshold that is chosen.
/// </remarks>
/// <param name="Threshold">The least probability; 0 if all rows pass.</param>
/// <param name="Rows">Calibration rows from it on.</param>
/// <param name="Right">Those of them that are of the class.</param>
/// <param name="LowerBound">What their precision is at least, for this count alone.</param>
internal sealed record PrecisionContract(float Threshold, int Rows, int Right, double LowerBound)
{
    private const int HalvingsMax = 60;
    private const double Negligible = 1e-18;

    /// <summary>The contract with the most rows; null if none can be shown.</summary>
    /// <param name="scores">The probabilities of rows said to be of the class, falling.</param>
    /// <param name="isRight">Whether each is.</param>
    /// <param name="precision">The precision that is wanted, in (0, 1).</param>
    /// <param name="confidence">How sure it has to be, in (0, 1).</param>
    public static PrecisionContract? Find(
        ReadOnlySpan<float> scores,
        ReadOnlySpan<bool> isRight,
        double precision,
        double confidence)
    {
        Invariant.Check(scores.Length == isRight.Length);
        int[] right = Cumulated(isRight);
        double[] logFactorials = LogFactorials(scores.Length);
        List<int> starts = Starts(scores.Length, precision, 1 - confidence);
        double error = (1 - confidence) / Math.Max(1, starts.Count);
        int best = 0;
        foreach (int start in starts)
        {
            int count = WithTies(scores, start);
            int reached = 0;
            while (Tail(right[count], count, precision, logFactorials) <= error)
            {
                reached = count;
                if (count == scores.Length)
                {
                    break;
                }

                count = WithTies(scores, count + 1);
            }

            best = Math.Max(best, reached);
        }

        return best == 0 ? null : new PrecisionContract(
            best == scores.Length ? 0 : scores[best - 1],
            best,
            right[best],
            LowerBoundOf(right[best], best, 1 - confidence, logFactorials));
    }

    /// <summary>The largest precision that a contract exists for; 0 if there is none.</summary>
    public static double Reachable(
        ReadOnlySpan<float> scores, ReadOnlySpan<bool> isRight, double confidence)
    {
        const int Steps = 12;
        double low = 0;
        double high = 1;
        for (int i = 0; i < Steps; i++)
        {
            double middle = (low + high) / 2;
            if (Find(scores, isRight, middle, confidence) is null)
            {
                high = middle;
            }
            else
            {
                low = middle;
            }
        }

        return low;
    }

    /// <summary>P(X >= right) of a binomial X of so many rows and a share.</summary>
    public static double Tail(int right, int rows, double share) =>
        Tail(right, rows, share, LogFactorials(rows));

    private static double Tail(int right, int rows, double share, double[] logFactorials)
    {
        // At or below the mean the tail is about a half or more, which no confidence allows.
        if (right <= rows * share)
        {
            return 1;
        }

        double log = logFactorials[rows] - logFactorials[right] - logFactorials[rows - right]
            + (right * Math.Log(share)) + ((rows - right) * Math.Log(1 - share));
        double term = Math.Exp(log);
        double sum = term;
        double odds = share / (1 - share);
        for (int i = right; i < rows && term > sum * Negligible; i++)
        {
            term *= odds * (rows - i) / (i + 1);
            sum += term;
        }

        return Math.Min(1, sum);
    }

    private static double LowerBoundOf(
        int right, int rows, double error, double[] logFactorials)
    {
        double low = 0;
        double high = right / (double)rows;
        for (int i = 0; i < HalvingsMax; i++)
        {
            double middle = (low + high) / 2;
            if (middle > 0 && Tail(right, rows, middle, logFactorials) > error)
            {
                high = middle;
            }
            else
            {
                low = middle;
            }
        }

        return low;
    }

    // All rows, half of them, and so on, as long as so few could pass if all of them were right.
    private static List<int> Starts(int rows, double precision, double error)
    {
        var starts = new List<int>();
        for (int count = rows; count > 0; count /= 2)
        {
            if (count * Math.Log(precision) > Math.Log(error / (starts.Count + 1)))
            {
                break;
            }

            starts.Add(count);
        }

        return starts;
    }

    private static int WithTies(ReadOnlySpan<float> scores, int count)
    {
        while (count < scores.Length && scores[count] == scores[count - 1])
        {
            count++;
        }

        return count;
    }

    private static int[] Cumulated(ReadOnlySpan<bool> isRight)
    {
        var right = new int[isRight.Length + 1];
        for (int i = 0; i < isRight.Length; i++)
        {
            right[i + 1] = right[i] + (isRight[i] ? 1 : 0);
        }

        return right;
    }

    private static double[] LogFactorials(int most)
    {
        var logs = new double[most + 1];
        for (int i = 2; i <= most; i++)
        {
            logs[i] = logs[i - 1] + Math.Log(i);
        }

        return logs;
    }
}
