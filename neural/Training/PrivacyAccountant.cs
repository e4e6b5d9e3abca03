namespace NeuroDb.Neural;

/// <summary>
/// What so many passes of the Gaussian mechanism reveal. Each row is in one batch of a pass, its
/// gradient is shortened to a norm C, and noise of deviation sigma C is added to the sum, so a pass
/// has the Renyi divergence alpha / (2 sigma^2) of each order alpha (Mironov, CSF 2017, corollary
/// 3), and passes add up. What is given up for delta is that of Balle et al., AISTATS 2020, theorem
/// 21. Rows count as neighbours if one is left out of its batch; nothing is claimed for the order
/// in which rows are drawn.
/// </summary>
internal static class PrivacyAccountant
{
    private const double NoiseMax = 1e6;
    private const int Orders = 600;

    /// <summary>The epsilon of passes with a noise, for a delta.</summary>
    public static double EpsilonOf(double noise, int passes, double delta)
    {
        if (passes == 0)
        {
            return 0;
        }

        double best = double.PositiveInfinity;
        for (int i = 0; i < Orders; i++)
        {
            double alpha = 1 + Math.Pow(10, -3 + (i * 9.0 / Orders));
            double epsilon = (alpha * passes / (2 * noise * noise))
                + Math.Log((alpha - 1) / alpha)
                - ((Math.Log(delta) + Math.Log(alpha)) / (alpha - 1));
            best = Math.Min(best, epsilon);
        }

        return Math.Max(0, best);
    }

    /// <summary>The least noise whose passes stay within an epsilon.</summary>
    public static double NoiseFor(double epsilon, int passes, double delta)
    {
        double low = 1e-3;
        double high = NoiseMax;
        if (EpsilonOf(high, passes, delta) > epsilon)
        {
            throw NeuralErrors.InvalidModel(
                $"No noise keeps {passes} passes within an epsilon of {epsilon}.");
        }

        for (int i = 0; i < 200 && high / low > 1 + 1e-9; i++)
        {
            double middle = Math.Sqrt(low * high);
            (low, high) = EpsilonOf(middle, passes, delta) > epsilon
                ? (middle, high) : (low, middle);
        }

        return high;
    }
}
