namespace NeuroDb.Storage;

/// <summary>The rows that a <see cref="KeyIndex"/> can be built from again when it grows.</summary>
internal interface IKeyRows
{
    /// <summary>How many row versions there are.</summary>
    long VersionCount { get; }

    /// <summary>
    /// The key hash and the row number of a version; false if its key has a NULL.
    /// </summary>
    bool TryHash(long version, out ulong hash, out long rowId);
}
