namespace NeuroDb.Bench;

/// <summary>Durable transactions: their latency beside the device's, and their rate.</summary>
internal static class CommitPhase
{
    private const int BlockSizeBytes = 4096;
    private const int RowsMany = 1000;
    private const int BurstCount = 25;
    private const int BurstCountMany = 3;
    private const int WritersFew = 64;
    private const int WritersMany = 1024;
    private const long FirstKeyMany = 1L << 32;
    private const long FirstKeyRate = 1L << 40;

    /// <summary>Measures what the settings ask for.</summary>
    public static void Run(
        StorageSettings settings, StorageTable table, StoreKind[] kinds, TemporaryFolder folder)
    {
        if (!settings.Wants("commit", "commit1000", "tps"))
        {
            return;
        }

        using var stores = new StoreSet(kinds, folder, "commit");
        stores.Open();
        if (settings.Wants("commit", "tps"))
        {
            MeasureOne(settings, table, stores, folder);
        }

        if (settings.Wants("commit1000"))
        {
            MeasureMany(settings, table, stores);
        }

        if (settings.Wants("tps"))
        {
            MeasureRates(settings, table, stores);
        }
    }

    private static void MeasureOne(
        StorageSettings settings, StorageTable table, StoreSet stores, TemporaryFolder folder)
    {
        using var raw = new RawWrites(folder.File("raw"), BlockSizeBytes);
        long key = 0;
        List<Action> actions = [raw.WriteNext];
        actions.AddRange(stores.Stores.Select(
            store => new Action(() => store.Put(Interlocked.Increment(ref key)))));
        Timing[] timings = InBursts(settings.Rounds * 5, BurstCount, settings.WarmUpMs, actions);
        table.Commit.Device = timings[0].MedianUs;
        table.CommitTail.Device = timings[0].Percentile99Us;
        for (int i = 0; i < stores.Kinds.Length; i++)
        {
            table.Commit[stores.Kinds[i]] = timings[i + 1].MedianUs;
            table.CommitTail[stores.Kinds[i]] = timings[i + 1].Percentile99Us;
        }
    }

    private static void MeasureMany(
        StorageSettings settings, StorageTable table, StoreSet stores)
    {
        long key = FirstKeyMany;
        List<Action> actions = [.. stores.Stores.Select(store => new Action(() =>
        {
            store.PutMany(key, RowsMany);
            key += RowsMany;
        }))];
        Timing[] timings = InBursts(
            settings.Rounds, BurstCountMany, settings.WarmUpMs, actions);
        for (int i = 0; i < timings.Length; i++)
        {
            table.CommitMany[stores.Kinds[i]] = timings[i].MedianUs;
        }
    }

    private static void MeasureRates(
        StorageSettings settings, StorageTable table, StoreSet stores)
    {
        int countMs = settings.IsQuick ? 700 : 2000;
        int warmUpMs = settings.WarmUpMs * 3 / 2;
        NeuroStore database = ((NeuroRowStore)stores[StoreKind.NeuroStore]!).Database;
        byte[] value = new byte[RowPayload.SizeBytes];
        RowPayload.Fill(1, value);
        var few = new List<double>();
        var many = new List<double>();
        var threads = new List<double>();
        for (int round = 0; round < settings.SlowRounds; round++)
        {
            long firstKey = FirstKeyRate * (round + 1);
            few.Add(CommitRate.OfTasks(
                database, value, WritersFew, firstKey, warmUpMs, countMs));
            many.Add(CommitRate.OfTasks(
                database, value, WritersMany, firstKey + (FirstKeyRate / 2), warmUpMs, countMs));
            if (stores[StoreKind.RocksDb] is RocksDbRowStore rocks)
            {
                threads.Add(CommitRate.OfThreads(
                    rocks.Put, WritersFew, firstKey, warmUpMs, countMs));
            }
        }

        foreach (StorageRow row in new[] { table.FewWriters, table.ManyWriters })
        {
            foreach (StoreKind kind in stores.Kinds)
            {
                row[kind] = kind == StoreKind.RocksDb
                    ? Median(threads)
                    : 1e6 / table.Commit[kind];
            }
        }

        table.FewWriters[StoreKind.NeuroStore] = Median(few);
        table.ManyWriters[StoreKind.NeuroStore] = Median(many);
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    // Every call is a sample of its own, because the tail counts too.
    private static Timing[] InBursts(
        int rounds, int burst, double warmUpMs, List<Action> actions)
    {
        foreach (Action action in actions)
        {
            _ = Timing.WarmUp(action, warmUpMs);
        }

        Timing[] timings = [.. actions.Select(static _ => new Timing())];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < timings.Length; i++)
            {
                for (int call = 0; call < burst; call++)
                {
                    timings[i].Sample(actions[i]);
                }
            }
        }

        return timings;
    }
}
