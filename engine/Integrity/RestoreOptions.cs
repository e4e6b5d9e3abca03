using NeuroDb.Storage;

namespace NeuroDb;

/// <summary>How a database is restored.</summary>
public sealed record RestoreOptions
{
    /// <summary>The key of an encrypted database; the restored one has the same.</summary>
    public EncryptionKey? EncryptionKey { get; init; }

    /// <summary>
    /// The directory of the database whose log follows the backup; null, the default, where a
    /// database is restored from its own past.
    /// </summary>
    public string? LogPath { get; init; }

    /// <summary>The files, clock, randomness and threads; tests put simulated ones here.</summary>
    internal SystemSeams? Seams { get; init; }

    /// <summary>The sizes of the storage; tests make them small.</summary>
    internal StorageOptions Storage { get; init; } = new();
}
