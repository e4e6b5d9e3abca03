namespace NeuroDb.Storage;

/// <summary>Where the parts of a segment file stand, as its footer says.</summary>
/// <param name="RowCount">The rows.</param>
/// <param name="DirectoryOffset">Where the directory begins and the extents end.</param>
/// <param name="DirectoryLength">The bytes of the directory, padding included.</param>
/// <param name="PageCount">The pages before; the directory is the page of this number.</param>
internal readonly record struct SegmentLayout(
    long RowCount, long DirectoryOffset, long DirectoryLength, long PageCount)
{
    /// <summary>The bytes of the file; directory and footer stand twice.</summary>
    public long LengthBytes => DirectoryOffset
        + (SegmentFormat.TailCount * (DirectoryLength + SegmentFormat.BlockSizeBytes));
}
