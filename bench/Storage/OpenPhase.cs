using System.Diagnostics;

namespace NeuroDb.Bench;

/// <summary>Opens a large database that was closed properly.</summary>
internal static class OpenPhase
{
    /// <summary>Measures what the settings ask for.</summary>
    public static void Run(
        StorageSettings settings, StorageTable table, StoreKind[] kinds, TemporaryFolder folder)
    {
        if (!settings.Wants("open"))
        {
            return;
        }

        long[] keys = RowPayload.AscendingKeys(settings.OpenRows);
        using var stores = new StoreSet(kinds, folder, "open");
        foreach (StoreKind kind in kinds)
        {
            string path = stores.PathOf(kind);
            using (IRowStore store = kind.Open(path))
            {
                store.Load(keys);
                store.Settle();
            }

            double[] times = [.. Enumerable.Range(0, settings.IsQuick ? 3 : 7)
                .Select(_ => OpenAndGet(kind, path, keys.Length / 2)).Order()];
            table.Open[kind] = times[times.Length / 2];
            stores.Delete(kind);
        }
    }

    /// <summary>Milliseconds until the first row of a database that is opened is there.</summary>
    public static double OpenAndGet(StoreKind kind, string path, long key)
    {
        GC.Collect();
        long start = Stopwatch.GetTimestamp();
        using IRowStore store = kind.Open(path);
        store.BeginReads();
        bool isRight = store.Get(key) == RowPayload.FirstWord(key);
        double elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        store.EndReads();
        return isRight
            ? elapsed
            : throw new InvalidOperationException($"{kind.Name} lost the row {key}.");
    }
}
