namespace NeuroDb.Storage;

/// <summary>
/// What the <see cref="LargeValueStore"/> knows of one value; read and written under its lock.
/// </summary>
internal sealed class LargeValueEntry
{
    /// <summary>The value.</summary>
    public required LargeReference Reference { get; init; }

    /// <summary>How many transactions and parameters have it in hand.</summary>
    public int HoldCount { get; set; }

    /// <summary>The last commit in the log that refers to it; 0 if none does.</summary>
    public long LogTimestamp { get; set; }

    /// <summary>Whether a segment of the last checkpoint refers to it.</summary>
    public bool IsInFiles { get; set; }

    /// <summary>Whether a commit ever referred to it.</summary>
    public bool WasCommitted { get; set; }

    /// <summary>The generation at its first commit; 0 if that was before this opening.</summary>
    public long BornGeneration { get; set; }

    /// <summary>The last generation that may see it; 0 while it is not dead.</summary>
    public long DeadGeneration { get; set; }

    /// <summary>Whether the file must stay whatever old readers see.</summary>
    public bool IsNeeded => HoldCount > 0 || LogTimestamp > 0 || IsInFiles;
}
