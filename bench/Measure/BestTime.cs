namespace NeuroDb.Bench;

/// <summary>The least processor time of a call over several rounds.</summary>
internal static class BestTime
{
    /// <summary>Seconds of a call; each round is of so many calls.</summary>
    public static double Of(int rounds, int calls, Action work)
    {
        work();
        double best = double.PositiveInfinity;
        for (int round = 0; round < rounds; round++)
        {
            double ns = ThreadTime.Of(() =>
            {
                for (int call = 0; call < calls; call++)
                {
                    work();
                }
            });
            best = Math.Min(best, ns / 1e9 / calls);
        }

        return best;
    }
}
