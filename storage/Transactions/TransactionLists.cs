namespace NeuroDb.Storage;

/// <summary>
/// What a transaction notes of its writes. Those of a small one that is over serve the next one:
/// most transactions write a row, and making the lists anew costs a third of that.
/// </summary>
internal sealed class TransactionLists
{
    private const int KeptCountMax = 16;

    /// <summary>The pending rows of each table that was written.</summary>
    public List<PendingRows> Writes { get; } = new(1);

    /// <summary>What was changed, in order, to be taken back.</summary>
    public List<UndoEntry> Undo { get; } = new(1);

    /// <summary>Forgets what is noted; false for lists that are too large to be kept.</summary>
    public bool TryClear()
    {
        bool isSmall = Writes.Capacity <= KeptCountMax && Undo.Capacity <= KeptCountMax;
        Writes.Clear();
        Undo.Clear();
        return isSmall;
    }
}
