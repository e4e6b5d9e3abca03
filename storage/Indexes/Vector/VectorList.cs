namespace NeuroDb.Storage;

/// <summary>
/// The rows of a part that are nearest to one centroid: blocks of 32 codes with their factors, one
/// behind the other, and for each slot the ordinal of its row. Immutable.
/// </summary>
/// <param name="Blocks">The blocks, at a cache line.</param>
/// <param name="Ordinals">The rows, ascending.</param>
internal sealed record VectorList(ReadOnlyMemory<byte> Blocks, int[] Ordinals)
{
    /// <summary>How many rows.</summary>
    public int Count { get; } = Ordinals.Length;

    /// <summary>Bytes in memory.</summary>
    public long SizeBytes => Blocks.Length + ((long)Ordinals.Length * sizeof(int));
}
