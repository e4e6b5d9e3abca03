using System.Security.Cryptography;
using System.Text;

namespace NeuroDb;

/// <summary>
/// The secret that opens an encrypted database: 32 bytes, or a password. It never encrypts rows
/// itself; it only locks the database's own key away, so that it can be changed at once.
/// </summary>
/// <remarks>
/// The secret lies in one place of memory, which <see cref="Dispose"/> overwrites. An open database
/// keeps a copy of its own, so the key may be disposed as soon as the database is open.
/// </remarks>
public sealed class EncryptionKey : IDisposable, IEquatable<EncryptionKey>
{
    /// <summary>The bytes of a key that is not a password.</summary>
    public const int SizeBytes = 32;

    /// <summary>The least rounds of PBKDF2 that a password is stretched by.</summary>
    public const int IterationCountMin = 600_000;

    /// <summary>The most rounds of PBKDF2.</summary>
    public const int IterationCountMax = 10_000_000;

    // Replacement characters would make different passwords equal.
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly byte[] _secret;
    private bool _isDisposed;

    private EncryptionKey(ReadOnlySpan<byte> secret, bool isPassword, int iterationCount)
    {
        // Pinned: the collector would leave copies behind where it moves an array.
        _secret = GC.AllocateArray<byte>(secret.Length, pinned: true);
        secret.CopyTo(_secret);
        IsPassword = isPassword;
        IterationCount = iterationCount;
    }

    /// <summary>Whether it is a password.</summary>
    public bool IsPassword { get; }

    /// <summary>The rounds that a new lock of this password takes; 0 for bytes.</summary>
    internal int IterationCount { get; }

    /// <summary>A key of 32 bytes from a secret store or a random source.</summary>
    /// <param name="key">The bytes; they are copied.</param>
    public static EncryptionKey FromBytes(ReadOnlySpan<byte> key) => key.Length == SizeBytes
        ? new EncryptionKey(key, isPassword: false, iterationCount: 0)
        : throw new ArgumentException(
            $"An encryption key has {SizeBytes} bytes, not {key.Length}. Use FromPassword for "
            + "secrets of another length.",
            nameof(key));

    /// <summary>
    /// A password, stretched by PBKDF2 with SHA-256. Its characters are taken as they are: an
    /// accent of its own and an accented letter are not the same.
    /// </summary>
    /// <param name="password">At least one character.</param>
    /// <param name="iterationCount">
    /// The rounds when a database is made or its key changed; opening takes the rounds stored.
    /// </param>
    public static EncryptionKey FromPassword(
        ReadOnlySpan<char> password, int iterationCount = IterationCountMin)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(iterationCount, IterationCountMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(iterationCount, IterationCountMax);
        if (password.IsEmpty)
        {
            throw new ArgumentException("A password is not empty.", nameof(password));
        }

        byte[] bytes = GC.AllocateArray<byte>(
            StrictUtf8.GetMaxByteCount(password.Length), pinned: true);
        try
        {
            int size = StrictUtf8.GetBytes(password, bytes);
            return new EncryptionKey(bytes.AsSpan(0, size), isPassword: true, iterationCount);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>Whether both are the same secret; the time taken tells nothing of it.</summary>
    public bool Equals(EncryptionKey? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && !_isDisposed
            && !other._isDisposed
            && IsPassword == other.IsPassword
            && CryptographicOperations.FixedTimeEquals(_secret, other._secret));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EncryptionKey);

    /// <summary>Tells nothing of the secret.</summary>
    public override int GetHashCode() => IsPassword ? 1 : 0;

    /// <summary>Says of which sort the key is, and nothing of the secret.</summary>
    public override string ToString() => IsPassword ? "a password" : "a key of 32 bytes";

    /// <summary>Overwrites the secret.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_secret);
        _isDisposed = true;
    }

    /// <summary>A copy with a life of its own.</summary>
    internal EncryptionKey Copy()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new EncryptionKey(_secret, IsPassword, IterationCount);
    }

    /// <summary>
    /// The key material behind the secret: the bytes themselves, or PBKDF2-HMAC-SHA256 (RFC 8018,
    /// 5.2) of the password.
    /// </summary>
    internal void Stretch(ReadOnlySpan<byte> salt, int iterationCount, Span<byte> target)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        Invariant.Check(target.Length == SizeBytes);
        if (IsPassword)
        {
            Rfc2898DeriveBytes.Pbkdf2(
                _secret, salt, target, iterationCount, HashAlgorithmName.SHA256);
        }
        else
        {
            _secret.CopyTo(target);
        }
    }
}
