namespace NeuroDb.Bench;

/// <summary>
/// Exact top-10 under L2 by a prepared SQL statement, beside the read bandwidth of memory and the
/// exact search of other systems, all in one process, taking turns.
/// </summary>
internal static class ExactBench
{
    private const int NearestCount = 10;

    /// <summary>Options: --rows 100000 --dimension 768 --rounds 25.</summary>
    public static void Run(BenchArguments arguments)
    {
        int rows = arguments.Number("rows", 100_000);
        int dimension = arguments.Number("dimension", 768);
        int rounds = arguments.Number("rounds", 25);
        int threads = Environment.ProcessorCount;
        float[] vectors = VectorData.Clustered(rows, dimension, seed: 1);
        float[] queries = VectorData.Clustered(rounds + 2, dimension, seed: 2);
        var report = new BenchReport(
            $"exact: top {NearestCount} of {rows:N0} x {dimension} f32, L2, {threads} threads");

        using NeuroStore database = Fill(vectors, dimension);
        using Session session = database.OpenSession();
        using Statement statement = session.Prepare(
            $"SELECT id FROM items ORDER BY vec <-> ? LIMIT {NearestCount}");
        List<IVectorPeer> peers = LoadPeers(vectors, dimension, threads, report);

        ReadOnlyMemory<float>[] blocks = [vectors];
        var bandwidth = new Timing();
        var sql = new Timing();
        Timing[] others = [.. peers.Select(_ => new Timing())];
        float sink = 0;
        int mismatches = 0;
        for (int round = 0; round < rounds + 2; round++)
        {
            float[] query = queries[(round * dimension)..((round + 1) * dimension)];
            bool isCounted = round >= 2;
            Take(bandwidth, isCounted, () => sink += MemoryBandwidth.ReadAll(blocks, threads));
            long[] found = [];
            Take(sql, isCounted, () => found = Search(statement, query));
            for (int i = 0; i < peers.Count; i++)
            {
                long[] theirs = [];
                Take(others[i], isCounted, () => theirs = peers[i].Search(query, NearestCount));
                mismatches += found.SequenceEqual(theirs) ? 0 : 1;
            }
        }

        double gigabytes = (double)rows * dimension * sizeof(float) / 1e9;
        report.Row("system", "median ms", "GB/s", "times NeuroStore");
        Add(report, "memory read (sum)", bandwidth, sql, gigabytes);
        Add(report, "NeuroStore SQL, prepared", sql, sql, gigabytes);
        for (int i = 0; i < peers.Count; i++)
        {
            Add(report, peers[i].Name, others[i], sql, gigabytes);
            report.Figure(
                peers[i].Name.Split(' ')[0].ToLowerInvariant().Replace('-', '_') + "_ratio",
                others[i].MedianUs / sql.MedianUs);
            peers[i].Dispose();
        }

        report.Note($"answers that differ from a peer's: {mismatches}; checksum {sink:G3}");
        report.Figure("bandwidth_ratio", bandwidth.MedianUs / sql.MedianUs);
        report.Figure("bandwidth_ratio_best", bandwidth.BestUs / sql.BestUs);
        report.Figure("sql_ms", sql.MedianUs / 1000);
        report.Figure("mismatches", mismatches);
        report.Print(arguments);
    }

    private static NeuroStore Fill(float[] vectors, int dimension)
    {
        NeuroStore database = NeuroStore.OpenInMemory();
        database.Execute($"CREATE TABLE items (id BIGINT PRIMARY KEY, vec VECTOR({dimension}))");
        using Appender appender = database.CreateAppender("items");
        for (int row = 0; row < vectors.Length / dimension; row++)
        {
            appender.Append((long)row);
            appender.Append(vectors.AsMemory(row * dimension, dimension));
            appender.EndRow();
        }

        appender.Complete();
        return database;
    }

    private static List<IVectorPeer> LoadPeers(
        float[] vectors, int dimension, int threads, BenchReport report)
    {
        (string Name, IVectorPeer? Peer)[] wanted =
        [
            ("faiss", FaissPeer.TryCreate(threads)),
            ("sqlite-vec", SqliteVecPeer.TryCreate()),
            ("DuckDB", DuckDbPeer.TryCreate()),
        ];
        var peers = new List<IVectorPeer>();
        foreach ((string name, IVectorPeer? peer) in wanted)
        {
            if (peer is null)
            {
                report.Note($"{name} is not installed; run bench/peers/install.sh");
                continue;
            }

            peer.Load(vectors, dimension);
            peers.Add(peer);
        }

        return peers;
    }

    private static long[] Search(Statement statement, float[] query)
    {
        var found = new List<long>(NearestCount);
        using ResultReader reader = statement.Query(query);
        while (reader.Read())
        {
            found.Add(reader.GetInt64(0));
        }

        return [.. found];
    }

    private static void Take(Timing timing, bool isCounted, Action action)
    {
        if (isCounted)
        {
            timing.Sample(action);
        }
        else
        {
            action();
        }
    }

    private static void Add(
        BenchReport report, string name, Timing timing, Timing own, double gigabytes) =>
        report.Row(
            name,
            Timing.Cell(timing.MedianUs / 1000),
            Timing.Cell(gigabytes / (timing.MedianUs / 1e6)),
            Timing.Cell(timing.MedianUs / own.MedianUs));
}
