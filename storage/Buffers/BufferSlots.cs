namespace NeuroDb.Storage;

/// <summary>The slots of one owner as the <see cref="BufferManager"/> sees them.</summary>
internal abstract class BufferSlots
{
    /// <summary>
    /// Whether the owner is closed, so that nothing is kept for it any more; the manager's.
    /// </summary>
    public bool IsForgotten { get; set; }

    /// <summary>
    /// Whether the slot was used since the last call; called by the manager under its lock.
    /// </summary>
    public abstract bool TakeReference(int slot);

    /// <summary>Lets the entry of a slot go; called by the manager under its lock.</summary>
    public abstract void Drop(int slot);

    /// <summary>
    /// Tells the collector of an entry that is not kept any more and whose memory it does not see:
    /// memory that was lent, since nobody counts who reads entries.
    /// </summary>
    public static void Release(object? value) => (value as INativeMemory)?.Release();
}
