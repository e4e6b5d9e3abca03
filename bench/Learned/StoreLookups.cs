namespace NeuroDb.Bench;

/// <summary>
/// Gets of single rows from stores on disk, each with the same keys and 100 bytes beside each, all
/// of it cached: what a get costs there with everything that belongs to one.
/// </summary>
internal static class StoreLookups
{
    /// <summary>The stores, in the order of the figures.</summary>
    public static IReadOnlyList<StoreKind> Kinds { get; } =
        [StoreKind.Lmdb, StoreKind.RocksDb, StoreKind.Sqlite];

    /// <summary>Nanoseconds for each store; NaN where it is not installed.</summary>
    public static double[] Measure(ulong[] keys, ulong[] queries, int rounds) =>
    [
        .. Kinds.Select(kind =>
            kind.IsPresent ? Measure(kind, keys, queries, rounds) : double.NaN),
    ];

    private static double Measure(StoreKind kind, ulong[] keys, ulong[] queries, int rounds)
    {
        string path = Directory.CreateTempSubdirectory("learned-").FullName;
        try
        {
            using IRowStore store = kind.Open(path);
            store.Load([.. keys.Select(NumberOf).Distinct()]);
            store.Settle();
            store.BeginReads();
            long[] numbers = Array.ConvertAll(queries, NumberOf);
            var samples = new List<double>();
            for (int round = 0; round <= rounds; round++)
            {
                double ns = ThreadTime.Of(() => Each(store, numbers)) / numbers.Length;
                if (round > 0)
                {
                    samples.Add(ns);
                }
            }

            store.EndReads();
            return samples.Order().ElementAt(samples.Count / 2);
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static void Each(IRowStore store, long[] numbers)
    {
        long sum = 0;
        foreach (long number in numbers)
        {
            sum += store.Get(number);
        }

        GC.KeepAlive(sum);
    }

    // Signed numbers without a sign, so that every store has them in one order.
    private static long NumberOf(ulong key) => (long)(key >> 1);
}
