namespace NeuroDb.Storage;

/// <summary>The options of a <see cref="StorageEngine"/>.</summary>
internal sealed record StorageOptions
{
    /// <summary>How long a commit of <see cref="Durability.Group"/> waits for others.</summary>
    public int GroupWaitMs { get; init; } = 2;

    /// <summary>How long a commit of <see cref="Durability.Async"/> may stay unwritten.</summary>
    public int AsyncLossMs { get; init; } = 200;

    /// <summary>The unwritten bytes at which a commit writes them, whatever its mode.</summary>
    public int GroupSizeBytesMax { get; init; } = 1024 * 1024;

    /// <summary>The key of an encrypted database; null for a plain one.</summary>
    public EncryptionKey? Key { get; init; }

    /// <summary>The sizes of a new log.</summary>
    public RecordLogOptions Log { get; init; } = RecordLogOptions.Default;
}
