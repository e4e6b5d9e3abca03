using NeuroDb.Storage;
using NeuroDb.Tests.Simulation;

namespace NeuroDb.Tests.Crash;

/// <summary>
/// The options of a killed database: checkpoints come often by themselves, the memory for segments
/// may be scarce, and the database may have a key.
/// </summary>
internal static class WriterOptions
{
    private static readonly long[] LogSizes = [16 << 10, 256 << 10, 4 << 20, 256 << 20];
    private static readonly long[] Budgets = [1 << 16, 1 << 22, 1 << 30];

    private static readonly EncryptionKey Key = EncryptionKey.FromBytes(
        [.. Enumerable.Range(0, EncryptionKey.SizeBytes).Select(static i => (byte)(i * 7))]);

    /// <summary>The options of one life.</summary>
    /// <param name="seed">Of the sizes, which may differ from life to life.</param>
    /// <param name="durability">What a returned commit promises.</param>
    /// <param name="isEncrypted">Whether the database has its key; the same for all lives.</param>
    public static NeuroStoreOptions Of(ulong seed, Durability durability, bool isEncrypted)
    {
        var random = new SeededRandomSource(seed);
        return new NeuroStoreOptions
        {
            Durability = durability,
            EncryptionKey = isEncrypted ? Key : null,
            Storage = new StorageOptions
            {
                CheckpointLogSizeBytes = random.Of(LogSizes),
                CheckpointAtCloseLogSizeBytes = random.Of(LogSizes),
                MemoryBudgetBytes = random.Of(Budgets),
            },
        };
    }
}
