using System.Buffers.Binary;

namespace NeuroDb.Storage;

/// <summary>
/// Encrypts the payloads of the log's frames: stored is <c>session salt 16 | tag 16 | cipher</c>,
/// with the frame's number as nonce. One thread at a time.
/// </summary>
/// <remarks>
/// A frame's number alone is no safe nonce: where a torn end of the log is cut off, the next
/// opening writes the same number again with other content. Therefore each opening of the log draws
/// a random salt, the session's, and the key comes from it. Within a session no number is written
/// twice, since a log whose write failed stops until it is opened again; between sessions the keys
/// differ. The frame's header and address are authenticated, so a frame opens in its place only.
/// </remarks>
internal sealed class FrameCipher : IDisposable
{
    /// <summary>The bytes that a stored payload is longer than its content.</summary>
    public const int OverheadBytes = KeyRing.SaltSizeBytes + GcmCipher.TagSizeBytes;

    private const int AssociatedSizeBytes = LogFormat.FrameHeaderSizeBytes + sizeof(long);
    private readonly KeyRing _keys;
    private readonly LogIdentity _identity;
    private readonly byte[] _session = new byte[KeyRing.SaltSizeBytes];
    private readonly byte[] _read = new byte[KeyRing.SaltSizeBytes];
    private GcmCipher? _writer;
    private GcmCipher? _reader;

    /// <summary>Makes the cipher of a log; it uses the keys, which their owner disposes.</summary>
    public FrameCipher(KeyRing keys, LogIdentity identity)
    {
        _keys = keys;
        _identity = identity;
    }

    /// <summary>Encrypts the content of a frame.</summary>
    /// <param name="header">The header; its length is that of the payload.</param>
    /// <param name="address">Where the frame begins.</param>
    /// <param name="content">The content.</param>
    /// <param name="payload">What is stored.</param>
    public void Seal(
        in FrameHeader header, long address, ReadOnlySpan<byte> content, Span<byte> payload)
    {
        Invariant.Check(payload.Length == header.PayloadLength);
        Invariant.Check(payload.Length == content.Length + OverheadBytes);
        if (_writer is null)
        {
            _keys.FillRandom(_session);
            _writer = _keys.CipherOf(FileKind.Log, _identity.Epoch, _session);
        }

        _session.CopyTo(payload);
        Span<byte> nonce = stackalloc byte[GcmCipher.NonceSizeBytes];
        Span<byte> associated = stackalloc byte[AssociatedSizeBytes];
        Associate(header, address, nonce, associated);
        _writer.Encrypt(
            nonce,
            content,
            payload[OverheadBytes..],
            payload.Slice(KeyRing.SaltSizeBytes, GcmCipher.TagSizeBytes),
            associated);
    }

    /// <summary>Decrypts a frame in place.</summary>
    /// <param name="header">The header.</param>
    /// <param name="address">Where the frame begins.</param>
    /// <param name="prefix">The first <see cref="OverheadBytes"/> of the payload.</param>
    /// <param name="content">The rest of the payload; then its content.</param>
    /// <returns>Whether the frame is as it was written.</returns>
    public bool TryOpen(
        in FrameHeader header, long address, ReadOnlySpan<byte> prefix, Span<byte> content)
    {
        Invariant.Check(prefix.Length == OverheadBytes);
        Invariant.Check(content.Length == header.PayloadLength - OverheadBytes);
        ReadOnlySpan<byte> salt = prefix[..KeyRing.SaltSizeBytes];
        if (_reader is null || !salt.SequenceEqual(_read))
        {
            _reader?.Dispose();
            _reader = _keys.CipherOf(FileKind.Log, _identity.Epoch, salt);
            salt.CopyTo(_read);
        }

        Span<byte> nonce = stackalloc byte[GcmCipher.NonceSizeBytes];
        Span<byte> associated = stackalloc byte[AssociatedSizeBytes];
        Associate(header, address, nonce, associated);
        return _reader.TryDecrypt(
            nonce, content, prefix[KeyRing.SaltSizeBytes..], content, associated);
    }

    /// <summary>Overwrites the keys of the sessions.</summary>
    public void Dispose()
    {
        _reader?.Dispose();
        _writer?.Dispose();
        _reader = null;
        _writer = null;
    }

    private void Associate(
        in FrameHeader header, long address, Span<byte> nonce, Span<byte> associated)
    {
        // As stored, with zeros for the two fields that are known only after encryption or follow
        // from the length.
        header.Write(associated, entryLength: 0, _identity.DatabaseTag);
        BinaryPrimitives.WriteInt64LittleEndian(
            associated[LogFormat.FrameHeaderSizeBytes..], address);
        nonce.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(nonce, header.Lsn);
    }
}
