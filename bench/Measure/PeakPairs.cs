namespace NeuroDb.Bench;

/// <summary>
/// A kernel beside the arithmetic peak of the same moment: both are measured in turns, in
/// processor time, because the clock of a shared machine changes. A round is the kernel between
/// two measurements of the peak, of which the larger one counts.
/// </summary>
internal static class PeakPairs
{
    private const int Rounds = 40;
    private const double RoundSeconds = 0.004;

    /// <summary>
    /// The least seconds of a call, and its share of the peak: of the best round, and the median.
    /// </summary>
    public static (double Seconds, double Best, double Median) Of(double flop, Action work)
    {
        work();
        double first = ThreadTime.Of(work) / 1e9;
        int calls = Math.Max(1, (int)(RoundSeconds / first));
        var shares = new double[Rounds];
        double least = double.PositiveInfinity;
        double before = ArithmeticPeak.Sample();
        for (int round = 0; round < Rounds; round++)
        {
            double seconds = ThreadTime.Of(() =>
            {
                for (int call = 0; call < calls; call++)
                {
                    work();
                }
            }) / 1e9 / calls;
            double after = ArithmeticPeak.Sample();
            shares[round] = flop / seconds / 1e9 / Math.Max(before, after);
            least = Math.Min(least, seconds);
            before = after;
        }

        Array.Sort(shares);
        return (least, shares[^1], shares[Rounds / 2]);
    }
}
