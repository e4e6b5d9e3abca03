using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Bench;

/// <summary>What a run of <see cref="VectorBench"/> measures.</summary>
internal sealed record VectorBenchSettings(
    VectorFile Base, VectorFile Queries, VectorMetric Metric, int K, int Rounds, string? Only)
{
    /// <summary>Whether only NeuroStore is measured, as it calibrated itself.</summary>
    public bool IsCalibratedOnly { get; init; }

    /// <summary>The metric of the kernels, on normalised vectors also for the cosine.</summary>
    public Metric ExactMetric => Metric switch
    {
        VectorMetric.L2 => Gpu.Metric.L2,
        VectorMetric.Cosine => Gpu.Metric.Cosine,
        _ => Gpu.Metric.InnerProduct,
    };

    /// <summary>Reads the files that the arguments name.</summary>
    public static VectorBenchSettings Of(BenchArguments arguments)
    {
        VectorMetric metric = arguments.Text("metric", "l2") switch
        {
            "l2" => VectorMetric.L2,
            "cosine" => VectorMetric.Cosine,
            "ip" => VectorMetric.InnerProduct,
            string other => throw new ArgumentException($"{other} is not l2, cosine or ip"),
            null => VectorMetric.L2,
        };
        VectorFile data = Read(arguments, "base", arguments.Number("rows", int.MaxValue));
        VectorFile queries = Read(arguments, "query", arguments.Number("queries", 2000));
        if (data.Dimension != queries.Dimension)
        {
            throw new ArgumentException(
                $"base has {data.Dimension} dimensions, query {queries.Dimension}");
        }

        bool isCosine = metric == VectorMetric.Cosine;
        return new VectorBenchSettings(
            isCosine ? data.Normalised() : data,
            isCosine ? queries.Normalised() : queries,
            metric,
            arguments.Number("k", 10),
            arguments.Number("rounds", 3),
            arguments.Text("only", null))
        {
            IsCalibratedOnly = arguments.Has("calibrated"),
        };
    }

    /// <summary>The indexes to measure that are installed.</summary>
    public IEnumerable<IAnnPeer> Peers()
    {
        int lists = VectorPartBuilder.ListCountOf(Base.Count);
        var all = new List<IAnnPeer>
        {
            new IndexPeer(new VectorIndexOptions(ExactMetric)),
            new SqlIndexPeer(Metric),
        };
        if (IsCalibratedOnly)
        {
            return all;
        }

        if (HnswPeer.IsPresent())
        {
            all.Add(new HnswPeer(Metric, 16, 200));
            all.Add(new HnswPeer(Metric, 32, 500));
        }

        if (UsearchPeer.IsPresent())
        {
            all.Add(new UsearchPeer(Metric, 16, 200));
        }

        if (FaissAnnPeer.IsPresent())
        {
            all.Add(FaissAnnPeer.Hnsw(Metric));
            all.Add(FaissAnnPeer.FastScan(Metric, Base.Dimension, lists));
        }

        all.Add(new ExactAnnPeer(new FusedScanPeer(ExactMetric)));
        if (Metric == VectorMetric.L2 && SqliteVecPeer.TryCreate() is { } sqlite)
        {
            all.Add(new ExactAnnPeer(sqlite));
        }

        return all.Where(peer =>
            Only is null || Only.Split(',').Any(name =>
                peer.Name.Contains(name, StringComparison.OrdinalIgnoreCase)));
    }

    private static VectorFile Read(BenchArguments arguments, string name, int countMax) =>
        VectorFile.Read(
            arguments.Text(name, null) ?? throw new ArgumentException($"--{name} FILE is missing"),
            countMax);
}
