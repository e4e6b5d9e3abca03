using System.Runtime.InteropServices;

namespace NeuroDb.Query;

/// <summary>Vectors, equal if all elements are.</summary>
internal readonly struct VectorKey : IKeyOperations<ReadOnlyMemory<float>>
{
    /// <inheritdoc/>
    public static ulong Hash(ReadOnlyMemory<float> value) =>
        Hash64.Of(MemoryMarshal.AsBytes(value.Span));

    /// <inheritdoc/>
    public static bool AreEqual(ReadOnlyMemory<float> left, ReadOnlyMemory<float> right) =>
        left.Span.SequenceEqual(right.Span);
}
