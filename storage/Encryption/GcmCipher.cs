using System.Security.Cryptography;

namespace NeuroDb.Storage;

/// <summary>
/// AES-256-GCM (NIST SP 800-38D) under one key, for many threads. The caller answers for it that no
/// nonce is used twice.
/// </summary>
internal sealed class GcmCipher : IDisposable
{
    /// <summary>The bytes of a key.</summary>
    public const int KeySizeBytes = 32;

    /// <summary>The bytes of a nonce.</summary>
    public const int NonceSizeBytes = 12;

    /// <summary>The bytes of a tag.</summary>
    public const int TagSizeBytes = 16;

    private const int SlotCount = 8;

    // The machine's cipher serves one caller at a time and its key schedule is not free, so idle
    // ones are kept here; each thread looks at its own slot first.
    private readonly AesGcm?[] _idle = new AesGcm?[SlotCount];
    private readonly SecretBytes _key;

    /// <summary>Takes the key over and disposes it.</summary>
    public GcmCipher(SecretBytes key)
    {
        Invariant.Check(key.Span.Length == KeySizeBytes);
        _key = key;
    }

    /// <summary>Encrypts; source and target may be the same bytes.</summary>
    public void Encrypt(
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> plain,
        Span<byte> target,
        Span<byte> tag,
        ReadOnlySpan<byte> associated)
    {
        AesGcm cipher = Take();
        cipher.Encrypt(nonce, plain, target, tag, associated);
        Return(cipher);
    }

    /// <summary>
    /// Decrypts; source and target may be the same bytes. Where the tag does not fit, the target
    /// holds nothing of use.
    /// </summary>
    /// <returns>Whether key, nonce, tag, bytes and associated bytes belong together.</returns>
    public bool TryDecrypt(
        ReadOnlySpan<byte> nonce,
        ReadOnlySpan<byte> source,
        ReadOnlySpan<byte> tag,
        Span<byte> plain,
        ReadOnlySpan<byte> associated)
    {
        AesGcm cipher = Take();
        try
        {
            cipher.Decrypt(nonce, source, tag, plain, associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
        finally
        {
            Return(cipher);
        }
    }

    /// <summary>Overwrites the key.</summary>
    public void Dispose()
    {
        for (int slot = 0; slot < SlotCount; slot++)
        {
            Interlocked.Exchange(ref _idle[slot], null)?.Dispose();
        }

        _key.Dispose();
    }

    private AesGcm Take()
    {
        int first = Environment.CurrentManagedThreadId;
        for (int i = 0; i < SlotCount; i++)
        {
            ref AesGcm? slot = ref _idle[(first + i) % SlotCount];
            if (Volatile.Read(ref slot) is not null
                && Interlocked.Exchange(ref slot, null) is AesGcm cipher)
            {
                return cipher;
            }
        }

        return new AesGcm(_key.Span, TagSizeBytes);
    }

    private void Return(AesGcm cipher)
    {
        ref AesGcm? slot = ref _idle[Environment.CurrentManagedThreadId % SlotCount];
        Interlocked.Exchange(ref slot, cipher)?.Dispose();
    }
}
