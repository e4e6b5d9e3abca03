namespace NeuroDb.Storage;

/// <summary>The rows that masks over chunks say, one bit each; an empty mask is full.</summary>
internal sealed class MaskFilter(ulong[][] masks, int firstChunk) : CandidateFilter
{
    /// <inheritdoc/>
    public override bool Passes(int ordinal)
    {
        ulong[] mask = masks[firstChunk + (ordinal / Limits.ChunkRowCount)];
        int row = ordinal % Limits.ChunkRowCount;
        return mask.Length == 0 || (mask[row >> 6] & (1UL << row)) != 0;
    }
}
