using System.Buffers.Binary;
using System.Security.Cryptography;

namespace NeuroDb.Storage;

/// <summary>
/// The keys of an open encrypted database: the data key, and what is derived from it for each file.
/// One object lives as long as the database is open; disposing it overwrites the data key. Safe
/// for many threads.
/// </summary>
/// <remarks>
/// The key of a file is HKDF-SHA256 (RFC 5869) of the data key, with the file's random salt, and
/// the database, the kind and the number of the file as info. So a file opens in its own place
/// only, and no two writings of a file share a key even where a crash made the same number be
/// used again: within one key each nonce is used once.
/// </remarks>
internal sealed class KeyRing : IDisposable
{
    /// <summary>The bytes of a file's salt.</summary>
    public const int SaltSizeBytes = 16;

    /// <summary>The bytes of the code over SUPER.</summary>
    public const int CodeSizeBytes = 32;

    private const int IdSizeBytes = 16;
    private readonly SecretBytes _dataKey = new(GcmCipher.KeySizeBytes);
    private readonly Guid _databaseId;
    private readonly IRandomSource _random;
    private readonly Lock _gate = new();

    private KeyRing(Guid databaseId, IRandomSource random)
    {
        _databaseId = databaseId;
        _random = random;
    }

    /// <summary>Makes the keys of a new database.</summary>
    /// <param name="databaseId">The database.</param>
    /// <param name="random">Where keys, salts and nonces come from.</param>
    public static KeyRing Create(Guid databaseId, IRandomSource random)
    {
        var ring = new KeyRing(databaseId, random);
        ring.FillRandom(ring._dataKey.Span);
        return ring;
    }

    /// <summary>
    /// Unlocks the keys of a database; null if it is not encrypted and no key was given.
    /// </summary>
    /// <exception cref="NeuroStoreException">
    /// The key is wrong, or missing, or given where none belongs; or the slot is damaged.
    /// </exception>
    public static KeyRing? Open(
        ReadOnlySpan<byte> slot,
        EncryptionKey? key,
        Guid databaseId,
        IRandomSource random,
        string path)
    {
        if (KeySlot.IsEmpty(slot))
        {
            return key is null ? null : throw new NeuroStoreException(
                ErrorCode.NotEncrypted,
                $"The database of {path} is not encrypted, and a key was given. Open it without a "
                + "key, or copy its rows into a new database that has one.");
        }

        if (key is null)
        {
            throw new NeuroStoreException(
                ErrorCode.KeyRequired,
                $"The database of {path} is encrypted. Give its key or password in the options.");
        }

        var ring = new KeyRing(databaseId, random);
        bool isOpen = false;
        try
        {
            KeySlot.Unwrap(slot, key, databaseId, ring._dataKey.Span, path);
            isOpen = true;
            return ring;
        }
        finally
        {
            if (!isOpen)
            {
                ring.Dispose();
            }
        }
    }

    /// <summary>Locks the data key by a key of the user, which alone opens the slot.</summary>
    public void Wrap(EncryptionKey key, Span<byte> slot)
    {
        lock (_gate)
        {
            KeySlot.Wrap(slot, key, _databaseId, _dataKey.Span, _random);
        }
    }

    /// <summary>A random salt, nonce or key.</summary>
    public void FillRandom(Span<byte> target)
    {
        lock (_gate)
        {
            RandomBytes.Fill(_random, target);
        }
    }

    /// <summary>The cipher of a file.</summary>
    /// <param name="kind">What the file is.</param>
    /// <param name="number">Its number among its kind.</param>
    /// <param name="salt">The salt that stands in the file.</param>
    public GcmCipher CipherOf(FileKind kind, long number, ReadOnlySpan<byte> salt)
    {
        var key = new SecretBytes(GcmCipher.KeySizeBytes);
        Derive(kind, number, salt, key.Span);
        return new GcmCipher(key);
    }

    /// <summary>
    /// The code (HMAC-SHA256) over the content of SUPER, which is not secret but must not be
    /// changed by anybody without the key: it decides which commits and files count.
    /// </summary>
    public void Authenticate(ReadOnlySpan<byte> content, Span<byte> code)
    {
        Invariant.Check(code.Length == CodeSizeBytes);
        using var key = new SecretBytes(GcmCipher.KeySizeBytes);
        Derive(FileKind.Super, 0, [], key.Span);
        int size = HMACSHA256.HashData(key.Span, content, code);
        Invariant.Check(size == CodeSizeBytes);
    }

    /// <summary>Overwrites the data key.</summary>
    public void Dispose() => _dataKey.Dispose();

    private void Derive(FileKind kind, long number, ReadOnlySpan<byte> salt, Span<byte> key)
    {
        ReadOnlySpan<byte> purpose = "NeuroStore file"u8;
        Span<byte> info = stackalloc byte[
            purpose.Length + IdSizeBytes + sizeof(ushort) + sizeof(long)];
        purpose.CopyTo(info);
        Span<byte> rest = info[purpose.Length..];
        Invariant.Check(_databaseId.TryWriteBytes(rest, bigEndian: true, out _));
        BinaryPrimitives.WriteUInt16LittleEndian(rest[IdSizeBytes..], (ushort)kind);
        BinaryPrimitives.WriteInt64LittleEndian(rest[(IdSizeBytes + sizeof(ushort))..], number);
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _dataKey.Span, key, salt, info);
    }
}
