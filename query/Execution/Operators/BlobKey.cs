namespace NeuroDb.Query;

/// <summary>Bytes.</summary>
internal readonly struct BlobKey : IKeyOperations<byte[]>
{
    /// <inheritdoc/>
    public static ulong Hash(byte[] value) => Hash64.Of(value);

    /// <inheritdoc/>
    public static bool AreEqual(byte[] left, byte[] right) => left.AsSpan().SequenceEqual(right);
}
