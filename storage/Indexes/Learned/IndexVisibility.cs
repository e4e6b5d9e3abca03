namespace NeuroDb.Storage;

/// <summary>Which committed rows a timestamp sees, by where they lie.</summary>
internal static class IndexVisibility
{
    /// <summary>Whether a timestamp sees the row at a place of a part.</summary>
    public static bool IsSeen(in RowPlace place, long timestamp)
    {
        if (place.Part is SealedRows rows)
        {
            return rows.IsVisible(place.Chunk, place.Row, timestamp);
        }

        RowChunk chunk = ((RowDelta)place.Part!).ChunkAt(place.Chunk);
        return chunk.BeginAt(place.Row) <= timestamp && chunk.EndAt(place.Row) > timestamp;
    }
}
