using System.Runtime.InteropServices;

namespace NeuroDb.Query;

/// <summary>Equality of vectors by their elements; 0 and -0 are equal.</summary>
internal sealed class VectorEquality : IEqualityComparer<ReadOnlyMemory<float>>
{
    /// <summary>The one instance; it has no state.</summary>
    public static readonly VectorEquality Instance = new();

    /// <inheritdoc/>
    public bool Equals(ReadOnlyMemory<float> x, ReadOnlyMemory<float> y) =>
        x.Span.SequenceEqual(y.Span);

    /// <inheritdoc/>
    public int GetHashCode(ReadOnlyMemory<float> obj)
    {
        ReadOnlySpan<float> elements = obj.Span;
        if (!elements.Contains(0f))
        {
            return (int)Hash64.Of(MemoryMarshal.AsBytes(elements));
        }

        ulong hash = (ulong)elements.Length;
        foreach (float element in elements)
        {
            hash = Hash64.Combine(hash, Hash64.Of(element));
        }

        return (int)hash;
    }
}
