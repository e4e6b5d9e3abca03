using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NeuroDb.Storage;

/// <summary>
/// The data key of a database, locked by the user's key, as SUPER stores it: 256 bytes, drawn in
/// docs/format.md; zeros stand for a database that is not encrypted. A new key for the user only
/// rewrites the slot: no file of data changes.
/// </summary>
/// <remarks>
/// The user's key is stretched (<see cref="EncryptionKey"/>), then HKDF-SHA256 with the slot's salt
/// gives the key that wraps and a check value. The salt is new for each wrapping and so is the key,
/// which is why its only nonce may be zero. The check tells a wrong key from a damaged slot, and
/// binds the slot to one key, which GCM alone does not.
/// </remarks>
internal static class KeySlot
{
    /// <summary>The bytes of the slot.</summary>
    public const int SizeBytes = 256;

    private const ushort Version = 1;
    private const byte KindBytes = 1;
    private const byte KindPassword = 2;
    private const int KindOffset = 2;
    private const int IterationsOffset = 4;
    private const int SaltOffset = 8;
    private const int SaltSizeBytes = 16;
    private const int CheckOffset = 24;
    private const int CheckSizeBytes = 16;
    private const int TagOffset = 40;
    private const int WrappedOffset = 56;
    private const int EndOffset = WrappedOffset + GcmCipher.KeySizeBytes;
    private const int IdSizeBytes = 16;

    /// <summary>Whether the slot is that of a database without encryption.</summary>
    public static bool IsEmpty(ReadOnlySpan<byte> slot)
    {
        Invariant.Check(slot.Length == SizeBytes);
        return !slot.ContainsAnyExcept((byte)0);
    }

    /// <summary>Locks the data key by the user's key.</summary>
    public static void Wrap(
        Span<byte> slot,
        EncryptionKey key,
        Guid databaseId,
        ReadOnlySpan<byte> dataKey,
        IRandomSource random)
    {
        Invariant.Check(slot.Length == SizeBytes && dataKey.Length == GcmCipher.KeySizeBytes);
        slot.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(slot, Version);
        slot[KindOffset] = key.IsPassword ? KindPassword : KindBytes;
        BinaryPrimitives.WriteInt32LittleEndian(slot[IterationsOffset..], key.IterationCount);
        RandomBytes.Fill(random, slot.Slice(SaltOffset, SaltSizeBytes));
        using GcmCipher cipher = Derive(
            slot, key, databaseId, slot.Slice(CheckOffset, CheckSizeBytes));
        Span<byte> associated = stackalloc byte[IdSizeBytes + TagOffset];
        Associate(slot, databaseId, associated);
        cipher.Encrypt(
            stackalloc byte[GcmCipher.NonceSizeBytes],
            dataKey,
            slot[WrappedOffset..EndOffset],
            slot.Slice(TagOffset, GcmCipher.TagSizeBytes),
            associated);
    }

    /// <summary>Unlocks the data key.</summary>
    /// <exception cref="NeuroStoreException">The key is another, or the slot damaged.</exception>
    public static void Unwrap(
        ReadOnlySpan<byte> slot,
        EncryptionKey key,
        Guid databaseId,
        Span<byte> dataKey,
        string path)
    {
        Invariant.Check(slot.Length == SizeBytes && dataKey.Length == GcmCipher.KeySizeBytes);
        Check(slot, path);
        bool isPassword = slot[KindOffset] == KindPassword;
        if (isPassword != key.IsPassword)
        {
            string needed = isPassword ? "a password" : "a key of 32 bytes";
            throw Wrong(path, $"is encrypted with {needed}, and {key} was given");
        }

        Span<byte> check = stackalloc byte[CheckSizeBytes];
        using GcmCipher cipher = Derive(slot, key, databaseId, check);
        if (!CryptographicOperations.FixedTimeEquals(
            check, slot.Slice(CheckOffset, CheckSizeBytes)))
        {
            throw Wrong(path, "is encrypted with another key than the one given");
        }

        Span<byte> associated = stackalloc byte[IdSizeBytes + TagOffset];
        Associate(slot, databaseId, associated);
        bool isOpen = cipher.TryDecrypt(
            stackalloc byte[GcmCipher.NonceSizeBytes],
            slot[WrappedOffset..EndOffset],
            slot.Slice(TagOffset, GcmCipher.TagSizeBytes),
            dataKey,
            associated);
        if (!isOpen)
        {
            throw new CorruptionException(path, 0, "the key slot fails its tag");
        }
    }

    private static void Check(ReadOnlySpan<byte> slot, string path)
    {
        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(slot);
        if (version > Version)
        {
            throw new NeuroStoreException(
                ErrorCode.NewerFormat,
                $"The key of {path} has format {version}; this version of NeuroStore knows "
                + $"formats up to {Version}. Open it with a newer version.");
        }

        bool isPassword = slot[KindOffset] == KindPassword;
        int iterations = BinaryPrimitives.ReadInt32LittleEndian(slot[IterationsOffset..]);
        bool isSound = version == Version
            && (isPassword || slot[KindOffset] == KindBytes)
            && slot[KindOffset + 1] == 0
            && (isPassword
                ? iterations is > 0 and <= EncryptionKey.IterationCountMax
                : iterations == 0)
            && !slot[EndOffset..].ContainsAnyExcept((byte)0);
        if (!isSound)
        {
            throw new CorruptionException(path, 0, "the key slot is not as it was written");
        }
    }

    private static GcmCipher Derive(
        ReadOnlySpan<byte> slot, EncryptionKey key, Guid databaseId, Span<byte> check)
    {
        ReadOnlySpan<byte> salt = slot.Slice(SaltOffset, SaltSizeBytes);
        ReadOnlySpan<byte> purpose = "NeuroStore key slot"u8;
        Span<byte> info = stackalloc byte[purpose.Length + IdSizeBytes];
        purpose.CopyTo(info);
        Invariant.Check(databaseId.TryWriteBytes(info[purpose.Length..], bigEndian: true, out _));
        using var stretched = new SecretBytes(EncryptionKey.SizeBytes);
        using var derived = new SecretBytes(GcmCipher.KeySizeBytes + CheckSizeBytes);
        key.Stretch(
            salt,
            BinaryPrimitives.ReadInt32LittleEndian(slot[IterationsOffset..]),
            stretched.Span);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, stretched.Span, derived.Span, salt, info);
        derived.Span[GcmCipher.KeySizeBytes..].CopyTo(check);
        var wrapping = new SecretBytes(GcmCipher.KeySizeBytes);
        derived.Span[..GcmCipher.KeySizeBytes].CopyTo(wrapping.Span);
        return new GcmCipher(wrapping);
    }

    private static void Associate(ReadOnlySpan<byte> slot, Guid databaseId, Span<byte> associated)
    {
        Invariant.Check(databaseId.TryWriteBytes(associated, bigEndian: true, out _));
        slot[..TagOffset].CopyTo(associated[IdSizeBytes..]);
    }

    private static NeuroStoreException Wrong(string path, string what) => new(
        ErrorCode.WrongKey,
        $"The database of {path} {what}. Give the right one; without it the data cannot be read.");
}
