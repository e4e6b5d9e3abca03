using System.Security.Cryptography;

namespace NeuroDb.Storage;

/// <summary>
/// A secret in memory: one pinned array, so that the collector leaves no copies of it behind,
/// overwritten when its owner disposes it.
/// </summary>
internal sealed class SecretBytes : IDisposable
{
    private readonly byte[] _bytes;
    private bool _isDisposed;

    /// <summary>Makes a secret of zeros, to be filled.</summary>
    public SecretBytes(int sizeBytes)
    {
        Invariant.Check(sizeBytes > 0);
        _bytes = GC.AllocateArray<byte>(sizeBytes, pinned: true);
    }

    /// <summary>The secret.</summary>
    public Span<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _bytes;
        }
    }

    /// <summary>Overwrites the secret.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_bytes);
        _isDisposed = true;
    }
}
