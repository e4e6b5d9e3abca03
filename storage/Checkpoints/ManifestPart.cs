namespace NeuroDb.Storage;

/// <summary>A segment file that holds rows of a table, and what was deleted in it.</summary>
/// <param name="SegmentId">The number of the segment, and the name of its file.</param>
/// <param name="BaseRowId">The row number that the numbers in the file are relative to.</param>
/// <param name="EndRowId">Where the range of row numbers of the part ends, exclusive.</param>
/// <param name="RowCount">The rows in the file, dead ones included.</param>
/// <param name="FileLength">The length of the file in bytes.</param>
/// <param name="FooterCrc">The CRC-32C of the file's footer.</param>
/// <param name="DeleteNumber">The number of the delete-file, or 0 where no row is dead.</param>
/// <param name="Deletes">The length, CRC and dead rows of the delete-file.</param>
internal sealed record ManifestPart(
    long SegmentId,
    long BaseRowId,
    long EndRowId,
    long RowCount,
    long FileLength,
    uint FooterCrc,
    long DeleteNumber = 0,
    DeleteFileInfo Deletes = default)
{
    /// <summary>The rows that are not dead.</summary>
    public long LiveCount => RowCount - Deletes.DeadCount;
}
