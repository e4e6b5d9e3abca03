namespace NeuroDb.Storage;

/// <summary>
/// Seals the pages of one file and opens them again: a checksum, or encryption with a tag. The
/// page number is part of the seal, so a page in the place of another does not open. Safe for many
/// threads.
/// </summary>
internal abstract class PageGuard
{
    /// <summary>The bytes of a seal, at most <see cref="SealSizeBytesMax"/>.</summary>
    public const int SealSizeBytesMax = 16;

    /// <summary>The bytes of one seal: a power of two up to the largest.</summary>
    public abstract int SealSizeBytes { get; }

    /// <summary>Turns a page, in place, into the bytes for the file and makes its seal.</summary>
    /// <param name="pageNumber">The number of the page in the file, never used twice.</param>
    /// <param name="page">The content; afterwards the bytes for the file, as many.</param>
    /// <param name="seal">Takes the seal.</param>
    public abstract void Seal(long pageNumber, Span<byte> page, Span<byte> seal);

    /// <summary>Turns the bytes of the file, in place, into the content of the page.</summary>
    /// <returns>False if the bytes are not those that were sealed at this place.</returns>
    public abstract bool TryOpen(long pageNumber, Span<byte> page, ReadOnlySpan<byte> seal);
}
