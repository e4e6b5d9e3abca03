using System.Buffers.Binary;

namespace NeuroDb.Storage;

/// <summary>
/// Encrypts the pages of one file with AES-256-GCM: the nonce is the number of the page, the seal
/// is the tag. The key belongs to one writing of one file (<see cref="KeyRing"/>), and the file is
/// immutable, so a nonce is used once; a page of another place, file, kind or database, or of an
/// earlier writing of the same file, does not open.
/// </summary>
internal sealed class GcmPageGuard : PageGuard
{
    private readonly KeyRing _keys;
    private readonly FileKind _kind;
    private readonly long _number;
    private GcmCipher? _cipher;

    /// <summary>Makes the guard of a file.</summary>
    /// <param name="keys">The keys of the database.</param>
    /// <param name="kind">What the file is.</param>
    /// <param name="number">Its number among its kind.</param>
    public GcmPageGuard(KeyRing keys, FileKind kind, long number)
    {
        _keys = keys;
        _kind = kind;
        _number = number;
    }

    /// <inheritdoc/>
    public override int SealSizeBytes => GcmCipher.TagSizeBytes;

    /// <inheritdoc/>
    public override void Start(Span<byte> salt)
    {
        Invariant.Check(_cipher is null, "a guard starts or resumes once");
        _keys.FillRandom(salt);
        _cipher = _keys.CipherOf(_kind, _number, salt);
    }

    /// <inheritdoc/>
    public override bool TryResume(ReadOnlySpan<byte> salt)
    {
        Invariant.Check(_cipher is null, "a guard starts or resumes once");
        _cipher = _keys.CipherOf(_kind, _number, salt);
        return true;
    }

    /// <inheritdoc/>
    public override void Seal(long pageNumber, Span<byte> page, Span<byte> seal)
    {
        Invariant.Check(_cipher is not null && pageNumber >= 0);
        _cipher.Encrypt(Nonce(pageNumber, stackalloc byte[GcmCipher.NonceSizeBytes]), page, page,
            seal, []);
    }

    /// <inheritdoc/>
    public override bool TryOpen(long pageNumber, Span<byte> page, ReadOnlySpan<byte> seal)
    {
        Invariant.Check(_cipher is not null && pageNumber >= 0);
        return _cipher.TryDecrypt(
            Nonce(pageNumber, stackalloc byte[GcmCipher.NonceSizeBytes]), page, seal, page, []);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _cipher?.Dispose();
        base.Dispose();
    }

    private static Span<byte> Nonce(long pageNumber, Span<byte> nonce)
    {
        nonce.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(nonce, pageNumber);
        return nonce;
    }
}
