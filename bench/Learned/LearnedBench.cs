namespace NeuroDb.Bench;

/// <summary>
/// Lookups of random keys through the learned index beside a B+tree, binary search, a hash table
/// and a sorted dictionary, all in one process and in turns. Keys of a file, or of each
/// distribution that is asked for.
/// </summary>
internal static class LearnedBench
{
    private const int BatchCount = 1000;
    private const int Rounds = 7;
    private const int WarmUpMs = 500;
    private const int PeerCountMax = 1_000_000;
    private const int PeerLookupCountMax = 100_000;

    /// <summary>Measures one file, or the distributions.</summary>
    public static void Run(BenchArguments arguments)
    {
        if (arguments.Has("inserts"))
        {
            InsertStalls.Run(arguments);
            return;
        }

        if (arguments.Has("sql"))
        {
            SqlLookups.Run(arguments);
            return;
        }

        if (arguments.Has("texts"))
        {
            TextLookups.Run(arguments);
            return;
        }

        int lookups = arguments.Number("lookups", 1_000_000);
        int count = arguments.Number("count", arguments.Text("keys", null) is null ? 8_000_000 : 0);
        int errorBound = arguments.Number("error", 0);
        if (lookups < 1)
        {
            throw new BenchException($"--lookups {lookups}: at least one lookup is measured.");
        }

        if (arguments.Text("plot", null) is string plot)
        {
            Plot(arguments, plot, lookups);
            return;
        }

        var report = new BenchReport($"learned: {lookups:N0} lookups of random keys, ns each");
        report.Row(
            "keys", "count", "learned", "batch", "tree", "tree batch", "binary", "bin. batch",
            "hash", "sorted dict", "LMDB", "RocksDB", "SQLite", "single x", "batch x", "B/key",
            "lines/M", "error", "ns/key");
        var all = new List<LearnedRow>();
        foreach ((string name, ulong[] keys) in Sets(arguments, count))
        {
            LearnedRow row = Measure(name, keys, lookups, errorBound);
            all.Add(row);
            row.AddTo(report);
        }

        report.Note($"SortedDictionary, LMDB, RocksDB and SQLite up to "
            + $"{PeerCountMax:N0} keys; the stores give a row of 100 bytes for each key");

        report.Figure("single_ratio", all.Min(static row => row.SingleRatio));
        report.Figure("batch_ratio", all.Min(static row => row.BatchRatio));
        report.Figure("bytes_per_key", all.Max(static row => row.BytesPerKey));
        report.Figure("lookup_ns", all.Max(static row => row.LearnedNs));
        report.Figure("batch_ns", all.Max(static row => row.LearnedBatchNs));
        report.Figure("hash_ns", all.Max(static row => row.HashNs));
        report.Print(arguments);
    }

    private static IEnumerable<(string Name, ulong[] Keys)> Sets(
        BenchArguments arguments, int count)
    {
        if (arguments.Text("keys", null) is string path)
        {
            yield return (Path.GetFileName(path), KeyFile.Read(
                path, count, static text => Console.Error.WriteLine($"note: {text}")));
            yield break;
        }

        string names = arguments.Text("sets", "uniform,books,osm,facebook,wiki,lognormal")!;
        foreach (string name in names.Split(','))
        {
            yield return (
                name,
                KeyGenerator.Make(Enum.Parse<KeyDistribution>(name, ignoreCase: true), count));
        }
    }

    // Latency against size, for each set a panel.
    private static void Plot(BenchArguments arguments, string path, int lookups)
    {
        string sizes = arguments.Text("sizes", "10000,100000,1000000,8000000")!;
        var plot = new LatencyPlot(
            "CPU time of a lookup of a random key that is there, against the number of keys");
        foreach (int count in sizes.Split(',').Select(int.Parse))
        {
            foreach ((string name, ulong[] keys) in Sets(arguments, count))
            {
                LearnedRow row = Measure(name, keys, lookups, errorBound: 0, isForPlot: true);
                double[] ns = row.Nanoseconds;
                plot.Add(name, count, ns[0], ns[1], ns[2], ns[3], ns[4], row.HashNs);
                Console.WriteLine($"{name} {count}: {string.Join(' ', ns.Select(one =>
                    one.ToString("F0", System.Globalization.CultureInfo.InvariantCulture)))}");
            }
        }

        plot.Write(path);
    }

    private static LearnedRow Measure(
        string name, ulong[] keys, int lookups, int errorBound, bool isForPlot = false)
    {
        ulong[] queries = Queries(keys, lookups);
        long start = Environment.TickCount64;
        var run = new LearnedRunBaseline(keys, errorBound);
        double buildNs = (Environment.TickCount64 - start) * 1e6 / keys.Length;
        var tree = new TreeBaseline(keys);
        Check(run, tree, queries);
        var places = new long[BatchCount];
        var actions = new List<Action>
        {
            () => Each(queries, run.Get),
            () => Batches(queries, batch => run.Get(batch, places)),
            () => Each(queries, tree.Get),
            () => Batches(queries, batch => tree.Get(batch, places)),
            () => Each(queries, key => BinaryBaseline.Get(run.Keys, key)),
            () => Batches(queries, batch => BinaryBaseline.Get(run.Keys, batch, places)),
        };
        double[] best = InTurns(actions, queries.Length);
        double hash = OfHash(keys, queries);
        bool hasPeers = keys.Length <= PeerCountMax && !isForPlot;
        double sorted = hasPeers ? OfSortedDictionary(keys, queries) : double.NaN;
        double[] stores = hasPeers
            ? StoreLookups.Measure(
                keys, queries[..Math.Min(queries.Length, PeerLookupCountMax)], Rounds)
            : [double.NaN, double.NaN, double.NaN];
        return new LearnedRow(name, run.Model, best, hash, sorted, stores, buildNs);
    }

    private static ulong[] Queries(ulong[] keys, int lookups)
    {
        var random = new DrawSource(42);
        var queries = new ulong[(lookups + BatchCount - 1) / BatchCount * BatchCount];
        for (int i = 0; i < queries.Length; i++)
        {
            queries[i] = keys[random.Next() % (ulong)keys.Length];
        }

        return queries;
    }

    private static void Check(LearnedRunBaseline run, TreeBaseline tree, ulong[] queries)
    {
        var batch = new long[BatchCount];
        var treeBatch = new long[BatchCount];
        run.Get(queries.AsSpan(0, BatchCount), batch);
        tree.Get(queries.AsSpan(0, BatchCount), treeBatch);
        for (int i = 0; i < BatchCount; i++)
        {
            long expected = BinaryBaseline.Get(run.Keys, queries[i]);
            if (expected < 0 || run.Get(queries[i]) != expected || batch[i] != expected
                || tree.Get(queries[i]) != expected || treeBatch[i] != expected)
            {
                throw new InvalidOperationException($"key {queries[i]} is found elsewhere");
            }
        }
    }

    private static double[] InTurns(IReadOnlyList<Action> actions, int lookups)
    {
        WarmUp(actions);
        var samples = actions.Select(static _ => new List<double>()).ToArray();
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < actions.Count; i++)
            {
                samples[i].Add(ThreadTime.Of(actions[i]) / lookups);
            }
        }

        return [.. samples.Select(static list => list.Order().ElementAt(list.Count / 2))];
    }

    // Few lookups are measured as many are: after the compiler has made its last form of all.
    private static void WarmUp(IReadOnlyList<Action> actions)
    {
        long start = Environment.TickCount64;
        do
        {
            foreach (Action action in actions)
            {
                action();
            }
        }
        while (Environment.TickCount64 - start < WarmUpMs);
    }

    private static double OfHash(ulong[] keys, ulong[] queries)
    {
        var table = new Dictionary<ulong, long>(keys.Length);
        for (int i = keys.Length - 1; i >= 0; i--)
        {
            table[keys[i]] = i;
        }

        return InTurns([() => Each(queries, key => table[key])], queries.Length)[0];
    }

    private static double OfSortedDictionary(ulong[] keys, ulong[] queries)
    {
        var table = new SortedDictionary<ulong, long>();
        for (int i = keys.Length - 1; i >= 0; i--)
        {
            table[keys[i]] = i;
        }

        return InTurns([() => Each(queries, key => table[key])], queries.Length)[0];
    }

    // The next key does not depend on the last value, as in a program that looks up keys it has.
    private static void Each(ulong[] queries, Func<ulong, long> get)
    {
        long sum = 0;
        foreach (ulong key in queries)
        {
            sum += get(key);
        }

        GC.KeepAlive(sum);
    }

    private static void Batches(ulong[] queries, BatchAction get)
    {
        for (int start = 0; start < queries.Length; start += BatchCount)
        {
            get(queries.AsSpan(start, BatchCount));
        }
    }

    private delegate void BatchAction(ReadOnlySpan<ulong> queries);
}
