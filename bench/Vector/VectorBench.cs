namespace NeuroDb.Bench;

/// <summary>
/// Approximate search on given vectors beside other libraries, one thread, one query at a time, in
/// one process: build time, memory, and for every setting recall and queries per second.
/// </summary>
internal static class VectorBench
{
    /// <summary>
    /// Options: --base FILE --query FILE --metric l2|cosine|ip --k 10 --queries 2000 --rounds 3
    /// --only NAME,NAME --svg FILE, and --calibrated for NeuroStore as it chose its settings.
    /// </summary>
    public static void Run(BenchArguments arguments)
    {
        VectorBenchSettings settings = VectorBenchSettings.Of(arguments);
        var truth = new NearestTruth(
            settings.Base, settings.Queries, settings.ExactMetric, settings.K);
        var runs = new List<AnnRun>();
        PairedCost? cost = null;
        foreach (IAnnPeer peer in settings.Peers())
        {
            using (peer)
            {
                runs.Add(AnnRun.Measure(peer, settings, truth));
                cost = peer is SqlIndexPeer sql ? PairedCost.Measure(sql, settings) : cost;
            }

            GC.Collect();
        }

        AnnReport.Print(runs, cost, settings, arguments);
    }
}
