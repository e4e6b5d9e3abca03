namespace NeuroDb.Storage;

/// <summary>
/// Seals the pages of one file and opens them again: a checksum, or encryption with a tag. The
/// page number is part of the seal, so a page in the place of another does not open. Owned by the
/// file's writer or reader, which starts or resumes it once and then uses it from many threads.
/// </summary>
internal abstract class PageGuard : IDisposable
{
    /// <summary>The bytes of a seal, at most <see cref="SealSizeBytesMax"/>.</summary>
    public const int SealSizeBytesMax = 16;

    /// <summary>The bytes of the salt, which stands unsealed in the file's header.</summary>
    public const int SaltSizeBytes = 16;

    /// <summary>The bytes of one seal: a power of two up to the largest.</summary>
    public abstract int SealSizeBytes { get; }

    /// <summary>The guard of a segment: encryption where the database has keys.</summary>
    public static PageGuard Of(KeyRing? keys, SegmentIdentity identity) => keys is null
        ? new ChecksumPageGuard(identity)
        : new GcmPageGuard(keys, FileKind.Segment, identity.SegmentId);

    /// <summary>Begins a new file, before its first page is sealed.</summary>
    /// <param name="salt">Takes what the file's header has to store; zeros without a key.</param>
    public virtual void Start(Span<byte> salt) => salt.Clear();

    /// <summary>Takes an existing file up, before its first page is opened.</summary>
    /// <param name="salt">What the file's header stores.</param>
    /// <returns>False if the salt cannot be that of a file under this guard.</returns>
    public virtual bool TryResume(ReadOnlySpan<byte> salt) => !salt.ContainsAnyExcept((byte)0);

    /// <summary>Turns a page, in place, into the bytes for the file and makes its seal.</summary>
    /// <param name="pageNumber">The number of the page in the file, never used twice.</param>
    /// <param name="page">The content; afterwards the bytes for the file, as many.</param>
    /// <param name="seal">Takes the seal.</param>
    public abstract void Seal(long pageNumber, Span<byte> page, Span<byte> seal);

    /// <summary>
    /// Makes the seal of a page whose content is what goes into the file; false if the guard
    /// changes it.
    /// </summary>
    public virtual bool TrySealUnchanged(
        long pageNumber, ReadOnlySpan<byte> page, Span<byte> seal) => false;

    /// <summary>Turns the bytes of the file, in place, into the content of the page.</summary>
    /// <returns>False if the bytes are not those that were sealed at this place.</returns>
    public abstract bool TryOpen(long pageNumber, Span<byte> page, ReadOnlySpan<byte> seal);

    /// <summary>Forgets the key.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}
