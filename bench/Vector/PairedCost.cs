namespace NeuroDb.Bench;

/// <summary>
/// What a statement takes more for a query than the index that it asks: both search the same lists
/// and rows in turns, query by query, so that what else the machine does meets both. Two copies of
/// an index in two loops one after the other differ by more than that where a query takes long.
/// </summary>
/// <param name="MedianUs">
/// Of all queries the median of the difference, each by the medians of its rounds.
/// </param>
/// <param name="MeanUs">The difference of all time, collections included.</param>
internal readonly record struct PairedCost(double MedianUs, double MeanUs)
{
    private const int Rounds = 15;

    /// <summary>Asks both on this thread.</summary>
    public static PairedCost Measure(SqlIndexPeer peer, VectorBenchSettings settings)
    {
        int count = settings.Queries.Count;
        var ids = new long[settings.K];
        var differences = new double[count];
        double all = 0;
        var indexTimes = new double[Rounds];
        var statementTimes = new double[Rounds];
        for (int i = 0; i < count; i++)
        {
            float[] query = settings.Queries.Row(i);
            for (int round = 0; round < Rounds; round++)
            {
                if (round % 2 == 0)
                {
                    indexTimes[round] = ThreadTime.Of(() => peer.SearchIndex(query, ids));
                    statementTimes[round] = ThreadTime.Of(() => peer.Search(query, ids));
                }
                else
                {
                    statementTimes[round] = ThreadTime.Of(() => peer.Search(query, ids));
                    indexTimes[round] = ThreadTime.Of(() => peer.SearchIndex(query, ids));
                }
            }

            all += statementTimes.Sum() - indexTimes.Sum();
            differences[i] = Median(statementTimes) - Median(indexTimes);
        }

        return new PairedCost(
            Median(differences) / 1000, all / ((double)count * Rounds * 1000));
    }

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
