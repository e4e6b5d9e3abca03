namespace NeuroDb.Storage;

/// <summary>Opens the tables that a manifest describes.</summary>
internal static class ManifestRestore
{
    /// <summary>Opens the segments of a table; what does not fit is damage.</summary>
    public static TableEntry Restore(ManifestTable table, SegmentStore store)
    {
        var entry = new TableEntry(table.Id, table.Schema);
        var parts = new List<RowPart>(table.Parts.Count);
        foreach (ManifestPart part in table.Parts)
        {
            var info = new SegmentInfo(part.FileLength, part.FooterCrc, part.RowCount);
            SegmentFile file = store.Open(table.Id, table.Schema, part.SegmentId, info);
            CheckRange(part, file);
            parts.Add(new SealedRows(
                file, table.Schema, part.BaseRowId, part.EndRowId, store.ReadDeletes(part)));
        }

        entry.Rows.Restore(new RestoredTable(
            parts, table.NextRowId, table.IdentityLast, table.KeyMaxima, table.LiveCount));
        return entry;
    }

    private static void CheckRange(ManifestPart part, SegmentFile file)
    {
        bool fits = file.ChunkCount == 0
            || part.BaseRowId + file.LastRowNumber(file.ChunkCount - 1) < part.EndRowId;
        if (!fits)
        {
            throw new CorruptionException(
                file.Path, 0, "the segment has row numbers that the manifest does not give it");
        }
    }
}
