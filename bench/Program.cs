namespace NeuroDb.Bench;

/// <summary>
/// The entry point: <c>dotnet run -c Release --project bench -- NAME [--json FILE] ...</c>.
/// </summary>
internal static class Program
{
    private static readonly (string Name, string Purpose, Action<BenchArguments> Run)[] Benches =
    [
        ("exact", "exact search by SQL beside faiss, sqlite-vec and DuckDB", ExactBench.Run),
        ("scaled", "exact search by bytes and floats", ScaledBench.Run),
        ("join", "a join with the nearest rows", NearestJoinBench.Run),
        ("vector", "approximate search beside hnswlib and faiss", VectorBench.Run),
        ("exhaustive", "approximate search through all codes", ExhaustiveBench.Run),
        ("passages", "makes the vectors of hard texts", PassageVectors.Run),
        ("churn", "recall of an index while rows come and go", ChurnBench.Run),
        ("runbook", "recall after each step while the rows change", RunbookBench.Run),
        ("recall", "recall as promised, on data of every kind", RecallBench.Run),
        ("commit", "durable commits beside raw writes and RocksDB", CommitBench.Run),
        ("cost", "processor time and bytes of one operation", CostBench.Run),
        ("storage", "the store beside SQLite, LMDB, RocksDB and DuckDB", StorageBench.Run),
        ("load", "bulk load of rows and vectors beside the raw device", LoadBench.Run),
        ("plan", "parse, bind and plan a search for neighbours", PlanBench.Run),
        ("point", "prepared statements for one row beside SQLite", PointBench.Run),
        ("commands", "ADO.NET commands by key, prepared and in batches", CommandBench.Run),
        ("tpch", "22 analytical queries beside DuckDB and SQLite", TpchBench.Run),
        ("cancel", "the time until a statement that is stopped has ended", CancelBench.Run),
        ("cardinality", "estimates of rows beside histograms and DuckDB", CardinalityBench.Run),
        ("regret", "chosen orders of joins beside all that can be forced", RegretBench.Run),
        ("learned", "the learned index beside a B+tree and others", LearnedBench.Run),
        ("open", "first query of a cold process", OpenBench.Run),
        ("seal", "encryption of pages beside their checksum", SealBench.Run),
        ("train", "networks beside PyTorch", TrainBench.Run),
        ("mnist", "simple_cnn on the digits of MNIST, five seeds", MnistTraining.Run),
        ("images", "pictures decoded and resized beside libvips", ImageBench.Run),
        ("embed", "vectors of networks beside ONNX Runtime", EmbedBench.Run),
        ("predict", "predictions by SELECT on one thread", PredictionBench.Run),
        ("int8", "dense networks on bytes beside floats, one core", ByteNetworkBench.Run),
        ("refresh", "statements while vectors are made anew", RefreshBench.Run),
        ("tokenizers", "learned tokenizers on one core", TokenizerBench.Run),
        ("kernels", "distance kernels (BenchmarkDotNet)", KernelBench.Run),
    ];

    private static int Main(string[] arguments)
    {
        string name = arguments.Length > 0 ? arguments[0] : "";
        foreach ((string known, _, Action<BenchArguments> run) in Benches)
        {
            if (known == name)
            {
                return Run(run, new BenchArguments(arguments[1..]));
            }
        }

        Console.Error.WriteLine("usage: bench NAME [--json FILE] [options]");
        foreach ((string known, string purpose, _) in Benches)
        {
            Console.Error.WriteLine($"  {known,-12} {purpose}");
        }

        return 2;
    }

    private static int Run(Action<BenchArguments> run, BenchArguments arguments)
    {
        try
        {
            run(arguments);
            return 0;
        }
        catch (BenchException error)
        {
            Console.Error.WriteLine($"error: {error.Message}");
            return 2;
        }
    }
}
