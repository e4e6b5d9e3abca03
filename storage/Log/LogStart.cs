namespace NeuroDb.Storage;

/// <summary>
/// Where the log of a database begins, and what it is fixed to: kept in SUPER, which alone knows
/// it. What stands before the address belongs to no log any more.
/// </summary>
/// <param name="Address">Where the first frame begins, at a boundary of blocks.</param>
/// <param name="Lsn">The number of the frame before it.</param>
/// <param name="Chain">The stamp of the first sector of the frame before it.</param>
/// <param name="Epoch">Which life of the log this is.</param>
/// <param name="PageSizeBytes">The unit of memory and the largest frame.</param>
/// <param name="SegmentSizeBytes">The size of one file.</param>
internal readonly record struct LogStart(
    long Address, long Lsn, uint Chain, uint Epoch, int PageSizeBytes, int SegmentSizeBytes)
{
    /// <summary>The start of a new log.</summary>
    public static LogStart New(RecordLogOptions options) => new(
        LogFormat.FirstAddress,
        Lsn: 0,
        Chain: 0,
        LogFormat.FirstEpoch,
        options.PageSizeBytes,
        options.SegmentSizeBytes);

    /// <summary>The position that the first frame follows.</summary>
    public LogPosition Position => new(Address, Lsn, Chain);

    /// <summary>The number of the file that holds the first frame.</summary>
    public int SegmentNumber => checked((int)(Address / SegmentSizeBytes));

    /// <summary>Whether a log can begin so.</summary>
    public bool IsSound =>
        int.IsPow2(PageSizeBytes)
        && PageSizeBytes >= 2 * LogFormat.BlockSizeBytes
        && int.IsPow2(SegmentSizeBytes)
        && SegmentSizeBytes >= PageSizeBytes
        && Address >= LogFormat.FirstAddress
        && Address % LogFormat.BlockSizeBytes == 0
        && Address / SegmentSizeBytes < int.MaxValue
        && Lsn >= 0
        && (Lsn > 0) == (Address > LogFormat.FirstAddress);

    /// <summary>The start of the same log at a later position.</summary>
    public LogStart At(LogPosition position)
    {
        Invariant.Check(position.Address >= Address && position.Lsn >= Lsn);
        return this with
        {
            Address = position.Address,
            Lsn = position.Lsn,
            Chain = position.Chain,
        };
    }
}
