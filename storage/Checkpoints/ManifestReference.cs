namespace NeuroDb.Storage;

/// <summary>
/// How SUPER names the manifest that counts. The content is part of the name, so that a stale or
/// foreign file of the same number is found out.
/// </summary>
/// <param name="Number">The number of the manifest; 0 where there is none yet.</param>
/// <param name="Length">The length of the file in bytes.</param>
/// <param name="Crc">
/// The CRC-32C that the file ends with; that of the whole file where it is encrypted.
/// </param>
internal readonly record struct ManifestReference(long Number, long Length, uint Crc)
{
    /// <summary>The reference of a database that has had no checkpoint.</summary>
    public static ManifestReference None => default;

    /// <summary>Whether there is no manifest.</summary>
    public bool IsNone => Number == 0;
}
