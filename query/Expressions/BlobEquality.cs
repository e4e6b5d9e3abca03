using System.Diagnostics.CodeAnalysis;

namespace NeuroDb.Query;

/// <summary>Equality of blobs by their bytes.</summary>
internal sealed class BlobEquality : IEqualityComparer<byte[]>
{
    /// <summary>The one instance; it has no state.</summary>
    public static readonly BlobEquality Instance = new();

    /// <inheritdoc/>
    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    /// <inheritdoc/>
    public int GetHashCode([DisallowNull] byte[] obj) => (int)Hash64.Of(obj);
}
