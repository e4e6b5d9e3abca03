using System.Diagnostics;

namespace NeuroDb.Bench;

/// <summary>Loads every store in random order of the key, then reads what was loaded.</summary>
internal static class ReadPhase
{
    private const int WarmUpRows = 20_000;
    private const int RangeRows = 100;
    private const double SampleMs = 5;
    private const int BandwidthFloats = 64 << 20;

    /// <summary>Measures what the settings ask for.</summary>
    public static void Run(
        StorageSettings settings, StorageTable table, StoreKind[] kinds, TemporaryFolder folder)
    {
        if (!settings.Wants("load", "get", "range", "scan", "size"))
        {
            return;
        }

        _ = LoadAll(RowPayload.ShuffledKeys(WarmUpRows), kinds, folder, keep: null);
        long[] keys = RowPayload.ShuffledKeys(settings.Rows);
        using var stores = new StoreSet(kinds, folder, "read");
        var times = new List<double[]>();
        for (int round = 1; settings.Wants("load") && round < settings.SlowRounds; round++)
        {
            times.Add(LoadAll(keys, kinds, folder, keep: null));
        }

        times.Add(LoadAll(keys, kinds, folder, stores));
        for (int i = 0; i < kinds.Length; i++)
        {
            double[] sorted = [.. times.Select(round => round[i]).Order()];
            table.Load[kinds[i]] = sorted[sorted.Length / 2];
            table.Size[kinds[i]] = stores.SizeBytesOf(kinds[i])
                / (double)((long)keys.Length * RowPayload.RowSizeBytes);
        }

        if (settings.Wants("get", "range", "scan"))
        {
            Read(settings, table, stores);
        }
    }

    // Microseconds a row of each kind, opening and settling left out.
    private static double[] LoadAll(
        long[] keys, StoreKind[] kinds, TemporaryFolder folder, StoreSet? keep)
    {
        var times = new double[kinds.Length];
        var stores = keep ?? new StoreSet(kinds, folder, "load");
        for (int i = 0; i < kinds.Length; i++)
        {
            GC.Collect();
            using IRowStore store = kinds[i].Open(stores.PathOf(kinds[i]));
            long start = Stopwatch.GetTimestamp();
            store.Load(keys);
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds / keys.Length;
            if (keep is not null)
            {
                store.Settle();
            }
        }

        if (keep is null)
        {
            stores.Dispose();
        }

        return times;
    }

    private static void Read(StorageSettings settings, StorageTable table, StoreSet stores)
    {
        stores.Open();
        foreach (IRowStore store in stores.Stores)
        {
            store.BeginReads();
        }

        var random = new Random(11);
        if (settings.Wants("get"))
        {
            Measure(settings, table.Get, stores, 1, store =>
            {
                long key = random.Next(settings.Rows);
                Check(store.Get(key), RowPayload.FirstWord(key));
            });
        }

        if (settings.Wants("range"))
        {
            Measure(settings, table.Range, stores, 1, store =>
            {
                long key = random.Next(settings.Rows - RangeRows);
                Check(
                    store.Range(key, RangeRows),
                    (RangeRows * (key + RowPayload.SizeBytes)) + SumBelow(RangeRows));
            });
        }

        if (settings.Wants("scan"))
        {
            table.Scan.Device = settings.Rows * sizeof(long) / BytesPerMillisecond(settings);
            Measure(settings, table.Scan, stores, 1000, store =>
                Check(store.SumOfKeys(), SumBelow(settings.Rows)));
        }

        foreach (IRowStore store in stores.Stores)
        {
            store.EndReads();
        }
    }

    private static void Measure(
        StorageSettings settings, StorageRow row, StoreSet stores, double divisor,
        Action<IRowStore> read)
    {
        Timing[] timings = Timing.InTurns(
            settings.Rounds, settings.WarmUpMs, SampleMs,
            [.. stores.Stores.Select(store => new Action(() => read(store)))]);
        for (int i = 0; i < timings.Length; i++)
        {
            row[stores.Kinds[i]] = timings[i].MedianUs / divisor;
        }
    }

    private static double BytesPerMillisecond(StorageSettings settings)
    {
        ReadOnlyMemory<float>[] block = [new float[BandwidthFloats]];
        float sum = 0;
        Timing timing = Timing.Of(settings.Rounds, 2, () =>
            sum += MemoryBandwidth.ReadAll(block, Environment.ProcessorCount));
        Check((long)sum, 0);
        return BandwidthFloats * sizeof(float) / (timing.MedianUs / 1000);
    }

    private static long SumBelow(long count) => count * (count - 1) / 2;

    private static void Check(long found, long expected)
    {
        if (found != expected)
        {
            throw new InvalidOperationException($"read {found} where {expected} is stored");
        }
    }
}
