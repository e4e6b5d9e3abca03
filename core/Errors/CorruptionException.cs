namespace NeuroDb;

/// <summary>
/// Stored bytes are damaged: the database refuses to open or to read rather than to answer from a
/// smaller or different set of rows.
/// </summary>
public sealed class CorruptionException : NeuroStoreException
{
    /// <summary>Makes an error.</summary>
    /// <param name="filePath">The damaged file.</param>
    /// <param name="offset">Where in the file the damage was seen, in bytes.</param>
    /// <param name="detail">What was expected and what was found.</param>
    public CorruptionException(string filePath, long offset, string detail)
        : base(
            NeuroDb.ErrorCode.Corruption,
            $"The database is damaged: {filePath} at byte {offset}: {detail}. "
            + "Nothing was changed; restore a backup or salvage the directory.")
    {
        FilePath = filePath;
        Offset = offset;
        Detail = detail;
    }

    /// <summary>What was expected and what was found, alone.</summary>
    internal string Detail { get; }

    /// <summary>The damaged file.</summary>
    public string FilePath { get; }

    /// <summary>Where in the file the damage was seen, in bytes.</summary>
    public long Offset { get; }
}
