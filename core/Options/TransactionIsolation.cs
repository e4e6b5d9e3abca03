namespace NeuroDb;

/// <summary>What transactions that run at the same time may notice of each other.</summary>
public enum TransactionIsolation
{
    /// <summary>
    /// A transaction reads what was committed when it began, and its own writes. Of two that change
    /// the same row, the first to commit wins. The default.
    /// </summary>
    Snapshot = 0,

    /// <summary>
    /// As <see cref="Snapshot"/>, and a transaction that writes commits only if nothing that it
    /// read was changed meanwhile: the outcome is that of running all of them one after the other,
    /// in the order of their commits. Otherwise it gets a <see cref="ConflictException"/> and may
    /// be run again.
    /// </summary>
    Serializable = 1,
}
