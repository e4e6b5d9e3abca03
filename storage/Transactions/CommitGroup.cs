namespace NeuroDb.Storage;

/// <summary>What one write of the log takes at once: records, who waits for them, and the state
/// that becomes visible when they are durable.</summary>
/// <param name="sizeBytesMax">The bytes of records that gather at most, roughly.</param>
internal sealed class CommitGroup(long sizeBytesMax)
{
    // The last commit that gathers may be larger than what has room.
    private const int LastSizeBytes = 1 << 20;

    /// <summary>The records of the commits.</summary>
    public LogGroup Records { get; } = new(
        largeCapacityBytes: (int)Math.Min(
            sizeBytesMax + LastSizeBytes, LogFormat.GroupSizeBytesMax));

    /// <summary>Who waits for the write.</summary>
    public List<CommitWaiter> Waiters { get; } = [];

    /// <summary>A part of a large transaction to be written before the records.</summary>
    public LogGroup? Part { get; set; }

    /// <summary>
    /// Whether somebody waits who does not want to share the write with later ones.
    /// </summary>
    public bool IsUrgent { get; set; }

    /// <summary>Whether there is nothing to write.</summary>
    public bool IsEmpty => Records.RecordCount == 0 && Part is null;

    /// <summary>
    /// Writes what the group has. The boundary of the log: every failure, known or not, must reach
    /// those who wait.
    /// </summary>
    /// <param name="write">Makes records durable.</param>
    /// <returns>Why that failed; null if it did not.</returns>
    public NeuroStoreException? WriteTo(Action<LogGroup> write)
    {
        try
        {
            if (Part is not null)
            {
                write(Part);
            }

            if (Records.RecordCount > 0)
            {
                write(Records);
            }

            return null;
        }
        catch (Exception failure)
        {
            return failure as NeuroStoreException ?? new NeuroStoreException(
                ErrorCode.InputOutput,
                $"The log could not be written: {failure.Message} The database is stopped; close "
                + "it and open it again.",
                innerException: failure);
        }
    }

    /// <summary>Makes the group fit for reuse.</summary>
    public void Clear()
    {
        Records.Clear();
        Waiters.Clear();
        Part = null;
        IsUrgent = false;
    }
}
