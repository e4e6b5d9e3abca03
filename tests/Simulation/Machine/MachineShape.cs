using NeuroDb.Storage;

namespace NeuroDb.Tests.Simulation;

/// <summary>What stays the same over all processes of a simulated machine.</summary>
/// <param name="Root">The directory of the database.</param>
/// <param name="Storage">The sizes of the storage.</param>
/// <param name="IsDeferred">Whether background work waits for the test.</param>
internal sealed record MachineShape(string Root, StorageOptions Storage, bool IsDeferred)
{
    /// <summary>A small machine; the sizes differ from seed to seed.</summary>
    public static MachineShape Of(string root, ulong seed)
    {
        var random = new SeededRandomSource(seed ^ 0x5A5A);
        int page = 8192 << (int)(random.NextUInt64() % 3);
        int segment = page << (int)(2 + (random.NextUInt64() % 2));
        int growth = 8192 << (int)(random.NextUInt64() % 2);
        int unordered = 8192 + (4096 * (int)(random.NextUInt64() % 8));
        var storage = new StorageOptions
        {
            Log = new RecordLogOptions(page, segment, growth, unordered),
        };
        return new MachineShape(root, storage, random.NextUInt64() % 2 == 0);
    }
}
