using System.Buffers.Binary;

namespace NeuroDb.Storage;

/// <summary>
/// Small files that are read and written whole: in an encrypted database a header of 48 bytes and
/// the encrypted content, in a plain one the content as it is. docs/format.md draws the header.
/// </summary>
/// <remarks>
/// Each writing has a new random salt and with it a new key, so the nonce may be zero. The key
/// names the database, the kind and the number of the file: a stale copy is found by what refers
/// to the file, a copy from any other place by its tag.
/// </remarks>
internal static class SealedFile
{
    /// <summary>The bytes that a sealed file is longer than its content.</summary>
    public const int OverheadBytes = 48;

    private const uint Magic = 0x4C_41_45_53; // "SEAL"
    private const ushort Version = 1;
    private const int VersionOffset = 4;
    private const int KindOffset = 6;
    private const int NumberOffset = 8;
    private const int SaltOffset = 16;
    private const int TagOffset = 32;

    /// <summary>What is to be written for a content.</summary>
    /// <param name="keys">The keys, or null in a plain database.</param>
    /// <param name="kind">What the file is.</param>
    /// <param name="number">Its number among its kind.</param>
    /// <param name="content">The content.</param>
    public static byte[] Seal(KeyRing? keys, FileKind kind, long number, byte[] content)
    {
        if (keys is null)
        {
            return content;
        }

        var stored = new byte[content.Length + OverheadBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(stored, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(stored.AsSpan(VersionOffset), Version);
        BinaryPrimitives.WriteUInt16LittleEndian(stored.AsSpan(KindOffset), (ushort)kind);
        BinaryPrimitives.WriteInt64LittleEndian(stored.AsSpan(NumberOffset), number);
        Span<byte> salt = stored.AsSpan(SaltOffset, KeyRing.SaltSizeBytes);
        keys.FillRandom(salt);
        using GcmCipher cipher = keys.CipherOf(kind, number, salt);
        cipher.Encrypt(
            stackalloc byte[GcmCipher.NonceSizeBytes],
            content,
            stored.AsSpan(OverheadBytes),
            stored.AsSpan(TagOffset, GcmCipher.TagSizeBytes),
            stored.AsSpan(0, TagOffset));
        return stored;
    }

    /// <summary>The content of what was read.</summary>
    /// <param name="keys">The keys, or null in a plain database.</param>
    /// <param name="kind">What the file is.</param>
    /// <param name="number">Its number among its kind.</param>
    /// <param name="stored">The whole file.</param>
    /// <param name="path">The file, for the error.</param>
    /// <exception cref="CorruptionException">It is not this file as it was written.</exception>
    public static byte[] Open(
        KeyRing? keys, FileKind kind, long number, byte[] stored, string path)
    {
        if (keys is null)
        {
            return stored;
        }

        ReadOnlySpan<byte> source = stored;
        if (source.Length < OverheadBytes
            || BinaryPrimitives.ReadUInt32LittleEndian(source) != Magic
            || BinaryPrimitives.ReadUInt16LittleEndian(source[KindOffset..]) != (ushort)kind
            || BinaryPrimitives.ReadInt64LittleEndian(source[NumberOffset..]) != number)
        {
            throw new CorruptionException(path, 0, "the file is not the encrypted one expected");
        }

        if (BinaryPrimitives.ReadUInt16LittleEndian(source[VersionOffset..]) != Version)
        {
            throw new CorruptionException(path, VersionOffset, "the seal has an unknown version");
        }

        var content = new byte[source.Length - OverheadBytes];
        using GcmCipher cipher = keys.CipherOf(
            kind, number, source.Slice(SaltOffset, KeyRing.SaltSizeBytes));
        bool isWhole = cipher.TryDecrypt(
            stackalloc byte[GcmCipher.NonceSizeBytes],
            source[OverheadBytes..],
            source.Slice(TagOffset, GcmCipher.TagSizeBytes),
            content,
            source[..TagOffset]);
        return isWhole
            ? content
            : throw new CorruptionException(path, OverheadBytes, "the file fails its tag");
    }
}
