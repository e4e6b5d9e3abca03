using System.Diagnostics;

namespace NeuroDb.Bench;

/// <summary>An index that was built and swept over its settings.</summary>
/// <param name="Name">Which one.</param>
/// <param name="Family">Its family.</param>
/// <param name="BuildSeconds">Processor time of the build.</param>
/// <param name="BytesPerVector">Memory beyond the rows.</param>
/// <param name="Points">What the settings measured.</param>
internal sealed record AnnRun(
    string Name,
    string Family,
    double BuildSeconds,
    double BytesPerVector,
    IReadOnlyList<AnnPoint> Points)
{
    private const double Enough = 0.9997;

    // A group whose fastest setting is slower than this share of one that is exact is left out,
    // and so are those after it.
    private const double SlowShare = 0.8;

    /// <summary>
    /// Builds an index and measures its settings: of each group those up to the first exact one.
    /// </summary>
    public static AnnRun Measure(
        IAnnPeer peer, VectorBenchSettings settings, NearestTruth truth)
    {
        GC.Collect();
        double start = ProcessMemory.CpuSeconds();
        peer.Build(settings.Base.Vectors, settings.Base.Dimension);
        double seconds = ProcessMemory.CpuSeconds() - start;
        Console.Error.WriteLine($"{peer.Name}: built in {seconds:F1} s");
        float[][] queries = [.. Enumerable
            .Range(0, Math.Min(settings.Queries.Count, peer.QueryCountMax))
            .Select(settings.Queries.Row)];
        var points = new List<AnnPoint>();
        WarmUp(peer, settings, queries);
        double exactQps = 0;
        bool isExact = false;
        for (int i = 0; i < peer.SettingCount; i++)
        {
            bool begins = peer.BeginsGroup(i);
            if (isExact && !begins)
            {
                continue;
            }

            string name = peer.Use(i);
            AnnPoint point = Measure(peer, name, settings, queries, truth);
            points.Add(point);
            if (peer is IndexPeer own)
            {
                double count = queries.Length * (settings.Rounds + 1);
                name += $" lists={own.Statistics.Lists / count:F1} "
                    + $"codes={own.Statistics.Codes / count:F0} "
                    + $"reranked={own.Statistics.Reranked / count:F1}";
            }

            Console.Error.WriteLine(
                $"  {name}: recall {point.Recall:F5}, {point.Qps:F0} queries/s");
            if (settings.IsCalibratedOnly || (begins && point.Qps < SlowShare * exactQps))
            {
                break;
            }

            isExact = point.Recall >= Enough;
            exactQps = isExact ? Math.Max(exactQps, point.Qps) : exactQps;
        }

        return new AnnRun(peer.Name, peer.Family, seconds, peer.BytesPerVector, points);
    }

    /// <summary>The most queries per second at a recall or above; 0 if none reaches it.</summary>
    public double QpsAt(double recall) => Points
        .Where(point => point.Recall >= recall)
        .Select(static point => point.Qps)
        .DefaultIfEmpty(0)
        .Max();

    /// <summary>The fastest setting at a recall or above.</summary>
    public AnnPoint? BestAt(double recall) => Points
        .Where(point => point.Recall >= recall)
        .MaxBy(static point => point.Qps);

    // Code of this runtime is compiled anew while it is used; that is no time of a query.
    private static void WarmUp(IAnnPeer peer, VectorBenchSettings settings, float[][] queries)
    {
        const double Seconds = 4;
        peer.Use(0);
        var ids = new long[settings.K];
        long begin = Stopwatch.GetTimestamp();
        for (int i = 0; Stopwatch.GetElapsedTime(begin).TotalSeconds < Seconds; i++)
        {
            peer.Search(queries[i % queries.Length], ids);
        }
    }

    private static AnnPoint Measure(
        IAnnPeer peer,
        string setting,
        VectorBenchSettings settings,
        float[][] queries,
        NearestTruth truth)
    {
        var ids = new long[settings.K];
        long hits = 0;
        for (int i = 0; i < queries.Length; i++)
        {
            peer.Search(queries[i], ids);
            hits += truth.Hits(i, queries[i], ids);
        }

        double best = double.PositiveInfinity;
        var walls = new List<double>(queries.Length * settings.Rounds);
        for (int round = 0; round < settings.Rounds; round++)
        {
            double start = ProcessMemory.CpuSeconds();
            foreach (float[] query in queries)
            {
                long begin = Stopwatch.GetTimestamp();
                peer.Search(query, ids);
                walls.Add(Stopwatch.GetElapsedTime(begin).TotalMicroseconds);
            }

            double seconds = ProcessMemory.CpuSeconds() - start;
            best = Math.Min(best, seconds * 1e6 / queries.Length);
        }

        walls.Sort();
        return new AnnPoint(
            peer.Name,
            setting,
            (double)hits / ((long)settings.K * queries.Length),
            best,
            walls[walls.Count / 2],
            walls[(int)(walls.Count * 0.99)]);
    }
}
