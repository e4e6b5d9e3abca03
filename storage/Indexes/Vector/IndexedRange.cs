namespace NeuroDb.Storage;

/// <summary>Chunks of a part of a table that an index of vectors covers.</summary>
/// <param name="FirstChunk">The first of them.</param>
/// <param name="ChunkCount">How many.</param>
/// <param name="Part">The index; ordinals count from the first chunk.</param>
/// <param name="Rows">The vectors.</param>
internal sealed record IndexedRange(
    int FirstChunk, int ChunkCount, VectorPart Part, VectorRows Rows)
{
    /// <summary>The chunk after the last one.</summary>
    public int EndChunk => FirstChunk + ChunkCount;
}
