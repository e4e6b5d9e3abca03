namespace NeuroDb.Storage;

/// <summary>What the manifest knows of a complete segment file.</summary>
/// <param name="LengthBytes">The length of the file.</param>
/// <param name="FooterCrc">The checksum at the end of the footer.</param>
/// <param name="RowCount">The rows in the file.</param>
internal readonly record struct SegmentInfo(long LengthBytes, uint FooterCrc, long RowCount);
