namespace NeuroDb.Storage;

/// <summary>Compares blobs by their bytes.</summary>
internal sealed class BlobComparer : IEqualityComparer<byte[]>
{
    /// <summary>The one comparer.</summary>
    public static readonly BlobComparer Instance = new();

    /// <inheritdoc/>
    public bool Equals(byte[]? left, byte[]? right) =>
        left.AsSpan().SequenceEqual(right);

    /// <inheritdoc/>
    public int GetHashCode(byte[] blob) => (int)Hash64.Of(blob.AsSpan());
}
