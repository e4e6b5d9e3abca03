namespace NeuroDb.Storage;

/// <summary>The options of a <see cref="StorageEngine"/>.</summary>
internal sealed record StorageOptions
{
    /// <summary>The least budget of memory that a database works well with.</summary>
    public const long MemoryBudgetBytesMin = 16L << 20;

    /// <summary>How long a commit of <see cref="Durability.Group"/> waits for others.</summary>
    public int GroupWaitMs { get; init; } = 2;

    /// <summary>How long a commit of <see cref="Durability.Async"/> may stay unwritten.</summary>
    public int AsyncLossMs { get; init; } = 200;

    /// <summary>The unwritten bytes at which a commit writes them, whatever its mode.</summary>
    public int GroupSizeBytesMax { get; init; } = 1024 * 1024;

    /// <summary>
    /// The unwritten bytes at which commits wait that otherwise do not: more than a device falls
    /// behind for a moment, while it is busy with a checkpoint.
    /// </summary>
    public long UnwrittenSizeBytesMax => 16L * GroupSizeBytesMax;

    /// <summary>The key of an encrypted database; null for a plain one.</summary>
    public EncryptionKey? Key { get; init; }

    /// <summary>The bytes of log after which a checkpoint is made in the background.</summary>
    public long CheckpointLogSizeBytes { get; init; } = 256L << 20;

    /// <summary>The bytes of log from which on closing makes a checkpoint.</summary>
    public long CheckpointAtCloseLogSizeBytes { get; init; } = 4L << 20;

    /// <summary>A segment ends with this many rows; tests make it small.</summary>
    public long SegmentRowCountMax { get; init; } = CompactionPolicy.SegmentRowCountMax;

    /// <summary>
    /// Runs of indexes over segments of so many rows have files; tests make it small.
    /// </summary>
    public int IndexRunRowCountMin { get; init; } = Limits.ChunkRowCount;

    /// <summary>
    /// The bytes of new rows in one table from which on a transaction writes them into segments
    /// before it commits.
    /// </summary>
    public long BulkStartSizeBytes { get; init; } = 32L << 20;

    /// <summary>The bytes of values with which such a segment ends.</summary>
    public long BulkSegmentSizeBytes { get; init; } = 128L << 20;

    /// <summary>
    /// The bytes of changes in one part; a transaction with more is written in parts.
    /// </summary>
    public int PartSizeBytes { get; init; } = RecordFormat.PartSizeBytes;

    /// <summary>
    /// The bytes that rows in memory and what is kept of segments may take, roughly.
    /// </summary>
    public long MemoryBudgetBytes { get; init; } = DefaultMemoryBudgetBytes;

    /// <summary>The time from one scrub to the next; null for none.</summary>
    public TimeSpan? ScrubInterval { get; init; }

    /// <summary>How fast a scrub reads.</summary>
    public long ScrubBytesPerSecond { get; init; } = 50_000_000;

    /// <summary>
    /// How fast a checkpoint in the background writes beside commits; 0 for as fast as it can.
    /// </summary>
    public long CheckpointBytesPerSecond { get; init; }

    /// <summary>How much of the past is kept; null for as much as before.</summary>
    public LogRetention? RetainLog { get; init; }

    /// <summary>What a restore in progress needs of the opening; null in all other cases.</summary>
    public RestoreContext? Restoring { get; init; }

    /// <summary>Half of the memory that this process may use.</summary>
    public static long DefaultMemoryBudgetBytes { get; } = Math.Max(
        MemoryBudgetBytesMin, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2);

    /// <summary>The sizes of a new log.</summary>
    public RecordLogOptions Log { get; init; } = RecordLogOptions.Default;
}
