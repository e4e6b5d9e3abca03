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

    /// <summary>
    /// The key hashes and row numbers of some versions from one on; those with a NULL are left out.
    /// </summary>
    /// <param name="version">The first version.</param>
    /// <param name="hashes">Takes the hashes.</param>
    /// <param name="rowIds">Takes the row numbers; as long as the hashes.</param>
    /// <param name="found">How many were taken.</param>
    /// <returns>How many versions were looked at, at least 1.</returns>
    int Hash(long version, Span<ulong> hashes, Span<long> rowIds, out int found);
}
