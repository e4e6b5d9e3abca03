namespace NeuroDb.Storage;

/// <summary>
/// Makes the parts of a table from the segments that a transaction brings, the same way at commit
/// and at replay.
/// </summary>
internal static class BulkParts
{
    /// <summary>The part of a segment.</summary>
    /// <param name="file">The segment, whose rows are numbered from 0 without gaps.</param>
    /// <param name="schema">The columns and keys.</param>
    /// <param name="firstRowId">The number that its first row gets.</param>
    /// <param name="killed">The rows that are dead from the beginning.</param>
    /// <param name="begin">The timestamp from which on the others are seen.</param>
    public static SealedRows Make(
        SegmentFile file,
        TableSchema schema,
        long firstRowId,
        IReadOnlyList<int> killed,
        long begin) => new(
            file,
            schema,
            firstRowId,
            firstRowId + file.RowCount,
            DeadOf(killed, file.ChunkCount),
            begin);

    /// <summary>The rows of each chunk that are dead.</summary>
    /// <param name="killed">The ordinals of dead rows in the segment.</param>
    /// <param name="chunkCount">The chunks of the segment.</param>
    /// <param name="others">Rows that are dead besides; null if there are none.</param>
    public static ulong[]?[] DeadOf(
        IReadOnlyList<int> killed, int chunkCount, ulong[]?[]? others = null)
    {
        var dead = new ulong[]?[chunkCount];
        for (int chunk = 0; others is not null && chunk < chunkCount; chunk++)
        {
            dead[chunk] = (ulong[]?)others[chunk]?.Clone();
        }

        foreach (int ordinal in killed)
        {
            int row = ordinal % Limits.ChunkRowCount;
            ulong[] mask =
                dead[ordinal / Limits.ChunkRowCount] ??= new ulong[Limits.ChunkRowCount / 64];
            mask[row >> 6] |= 1UL << row;
        }

        return dead;
    }

    /// <summary>
    /// The layout with parts behind all versions and a new delta behind them. A delta that got no
    /// row is left out: nobody has anything in it.
    /// </summary>
    public static TableLayout LayoutWith(
        TableLayout layout, TableSchema schema, IReadOnlyList<SealedRows> added)
    {
        Invariant.Check(added.Count > 0 && added[0].FirstRowId == layout.Active.EndRowId);
        ReadOnlySpan<RowPart> parts = layout.Active.RowCount > 0
            ? layout.Parts
            : layout.Parts[..^1];
        return new TableLayout(
            [.. parts, .. added, new RowDelta(schema, added[^1].EndRowId)]);
    }
}
