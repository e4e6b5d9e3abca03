using NeuroDb.Storage;

namespace NeuroDb.Tests.Simulation;

/// <summary>What stays the same over all processes of a simulated machine.</summary>
/// <param name="Root">The directory of the database.</param>
/// <param name="Storage">The sizes of the storage.</param>
/// <param name="IsDeferred">Whether background work waits for the test.</param>
internal sealed record MachineShape(string Root, StorageOptions Storage, bool IsDeferred)
{
    private const int BulkPeriod = 6;
    private static readonly int[] PartSizes = [256, 4096, 4 << 20];
    private static readonly long[] BulkSegmentSizes = [1, 1 << 16, 1 << 27];

    private static readonly LogRetention?[] Retentions =
    [
        null,
        null,
        new LogRetention { SizeBytes = 1 },
        new LogRetention { SizeBytes = 64 << 10 },
        new LogRetention { Time = TimeSpan.FromSeconds(1) },
    ];

    // Above the largest, only statements make checkpoints.
    private static readonly long[] LogSizes = [1, 4096, 16 << 10, 64 << 10, 1 << 30];

    /// <summary>A small machine; the sizes differ from seed to seed.</summary>
    public static MachineShape Of(string root, ulong seed)
    {
        var random = new SeededRandomSource(seed ^ 0x5A5A);
        int page = 8192 << (int)(random.NextUInt64() % 3);
        int segment = page << (int)(2 + (random.NextUInt64() % 2));
        int growth = 8192 << (int)(random.NextUInt64() % 2);
        int unordered = 8192 + (4096 * (int)(random.NextUInt64() % 8));
        bool isDeferred = random.NextUInt64() % 2 == 0;
        var storage = new StorageOptions
        {
            Log = new RecordLogOptions(page, segment, growth, unordered),
            Key = random.OneIn(2) ? NewKey(random) : null,
            CheckpointLogSizeBytes = random.Of(LogSizes),
            CheckpointAtCloseLogSizeBytes = random.Of(LogSizes),
            SegmentRowCountMax = random.OneIn(2) ? 20 : CompactionPolicy.SegmentRowCountMax,
            IndexRunRowCountMin = 1,
            MemoryBudgetBytes = random.OneIn(2) ? 1 << 14 : 1 << 30,
            PartSizeBytes = random.Of(PartSizes),
            BulkStartSizeBytes = random.OneIn(BulkPeriod) ? 1 : 32 << 20,
            BulkSegmentSizeBytes = random.Of(BulkSegmentSizes),
            RetainLog = random.Of(Retentions),
        };
        return new MachineShape(root, storage, isDeferred)
        {
            LargeSizeBytes = random.OneIn(4) ? Limits.LargeValueSizeBytesMin + 9000 : 30_000,
        };
    }

    /// <summary>
    /// The size of rare large values; from a size on they have files of their own.
    /// </summary>
    public int LargeSizeBytes { get; init; } = 30_000;

    /// <summary>Whether transactions are made large enough to go into segments.</summary>
    public bool HasBulk => Storage.BulkStartSizeBytes == 1;

    /// <summary>The key of the database after so many changes; null if it has none.</summary>
    public EncryptionKey? KeyOf(int number)
    {
        if (number == 0 || Storage.Key is null)
        {
            return Storage.Key;
        }

        return NewKey(new SeededRandomSource((ulong)number));
    }

    private static EncryptionKey NewKey(SeededRandomSource random)
    {
        var bytes = new byte[32];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)random.NextUInt64();
        }

        return EncryptionKey.FromBytes(bytes);
    }
}
