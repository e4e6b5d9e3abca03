using System.Runtime.CompilerServices;

namespace NeuroDb.Bench;

/// <summary>
/// What holds up any program on this machine, measured as commits are: steps that only compute,
/// steps that leave garbage too, and stores that put rows of 100 bytes, each in a commit of its
/// own, without waiting for the device.
/// </summary>
internal static class StallReferences
{
    // As much work as a commit, and as much garbage.
    private const int StepLength = 300;
    private const int GarbageSizeBytes = 140;

    // Steps are shorter than rows are put, and what holds up a program comes with time: so many
    // more of them take as long as commits do.
    private const int StepsPerRow = 8;

    private static readonly (StoreKind Kind, Func<string, IRowStore> Open)[] Stores =
    [
        (StoreKind.NeuroStore, static path => new NeuroRowStore(path, isDurable: false)),
        (StoreKind.Sqlite, static path => new SqliteRowStore(path, isDurable: false)),
        (StoreKind.Lmdb, static path => new LmdbRowStore(path, isDurable: false)),
        (StoreKind.RocksDb, static path => new RocksDbRowStore(path, isDurable: false)),
    ];

    private static byte[]? _garbage;
    private static ulong _result;

    /// <summary>
    /// The steps and the stores that are installed, by name, and how many times so many of them.
    /// </summary>
    public static IEnumerable<(string Name, int Times, Action<int, StallWatch> Run)> All(
        TemporaryFolder folder)
    {
        yield return ("no store: computing", StepsPerRow, Compute);
        yield return ("no store: computing and garbage", StepsPerRow, Litter);
        foreach ((StoreKind kind, Func<string, IRowStore> open) in Stores)
        {
            if (!kind.IsPresent)
            {
                continue;
            }

            yield return (kind.Name + ", row of 100 bytes", 1, (count, watch) =>
            {
                string path = folder.File("reference-" + kind.Name);
                Directory.CreateDirectory(path);
                using IRowStore store = open(path);
                Put(store, count, watch);
            });
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Compute(int count, StallWatch watch)
    {
        watch.Begin();
        for (int i = 0; i < count; i++)
        {
            _result = Step(_result + (ulong)i);
            watch.Note();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Litter(int count, StallWatch watch)
    {
        watch.Begin();
        for (int i = 0; i < count; i++)
        {
            _result = Step(_result + (ulong)i);
            _garbage = new byte[GarbageSizeBytes];
            watch.Note();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Put(IRowStore store, int count, StallWatch watch)
    {
        watch.Begin();
        for (int i = 0; i < count; i++)
        {
            store.Put(InsertStalls.KeyOf(i));
            watch.Note();
        }
    }

    // Each multiplication waits for the one before.
    private static ulong Step(ulong value)
    {
        for (int i = 0; i < StepLength; i++)
        {
            value = (value ^ (value >> 31)) * 0xBF58476D1CE4E5B9;
        }

        return value;
    }
}
