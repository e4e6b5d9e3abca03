using NeuroDb.Storage;
using NeuroDb.Tests.Simulation;

namespace NeuroDb.Tests.Crash;

/// <summary>
/// The options of a killed database: checkpoints come often by themselves, the memory for segments
/// may be scarce, many rows go into segments before their commit, and the database may have a key,
/// which changes while it is used.
/// </summary>
internal static class WriterOptions
{
    private static readonly long[] LogSizes = [16 << 10, 256 << 10, 4 << 20, 256 << 20];
    private static readonly long[] Budgets = [1 << 16, 1 << 22, 1 << 30];

    private static readonly long[] BulkSizes = [1, 1 << 16, 32 << 20];
    private static readonly int[] PartSizes = [1 << 12, 1 << 16, 4 << 20];

    /// <summary>The options of one life.</summary>
    /// <param name="seed">Of the sizes, which may differ from life to life.</param>
    /// <param name="durability">What a returned commit promises.</param>
    /// <param name="key">The number of the key; below 0 for a database without one.</param>
    public static NeuroStoreOptions Of(ulong seed, Durability durability, long key)
    {
        var random = new SeededRandomSource(seed);
        return new NeuroStoreOptions
        {
            Durability = durability,
            EncryptionKey = key < 0 ? null : KeyOf(key),
            Storage = new StorageOptions
            {
                CheckpointLogSizeBytes = random.Of(LogSizes),
                CheckpointAtCloseLogSizeBytes = random.Of(LogSizes),
                MemoryBudgetBytes = random.Of(Budgets),
                BulkStartSizeBytes = random.Of(BulkSizes),
                PartSizeBytes = random.Of(PartSizes),
            },
        };
    }

    /// <summary>A key by its number.</summary>
    public static EncryptionKey KeyOf(long number) => EncryptionKey.FromBytes(
        [.. Enumerable.Range(0, EncryptionKey.SizeBytes).Select(i => (byte)((i * 7) + number))]);

    /// <summary>
    /// Opens a database that may have one of several keys, the newest first.
    /// </summary>
    /// <param name="path">The directory.</param>
    /// <param name="options">All but the key.</param>
    /// <param name="keys">The numbers that its key may have.</param>
    /// <param name="key">The one that it has.</param>
    public static NeuroStore Open(
        string path, NeuroStoreOptions options, LedgerCheck.Bounds keys, out long key)
    {
        for (key = keys.Highest; key > keys.Lowest; key--)
        {
            try
            {
                return NeuroStore.Open(path, options with { EncryptionKey = KeyOf(key) });
            }
            catch (NeuroStoreException error) when (error.Code == ErrorCode.WrongKey)
            {
                // An older one, then.
            }
        }

        return NeuroStore.Open(
            path, options with { EncryptionKey = key < 0 ? null : KeyOf(key) });
    }
}
