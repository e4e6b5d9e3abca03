namespace NeuroDb.Query;

/// <summary>Vectors of halves, signed bytes or bits, equal if all elements are.</summary>
internal readonly struct CompactVectorKey : IKeyOperations<CompactVector>
{
    /// <inheritdoc/>
    public static ulong Hash(CompactVector value) =>
        Hash64.Combine((ulong)value.Dimension, Hash64.Of(value.Bytes.Span));

    /// <inheritdoc/>
    public static bool AreEqual(CompactVector left, CompactVector right) =>
        left.Dimension == right.Dimension && left.Bytes.Span.SequenceEqual(right.Bytes.Span);
}
