namespace NeuroDb.Storage;

/// <summary>What opening a database found and did.</summary>
/// <param name="IsNew">Whether the database was made by this opening.</param>
/// <param name="TransactionCount">Transactions replayed from the log.</param>
/// <param name="UncommittedCount">Large transactions whose commit never reached the log.</param>
/// <param name="WasSuperRepaired">Whether one slot of SUPER was damaged and written again.</param>
/// <param name="Log">What the log found; null for a database in memory.</param>
internal sealed record StorageRecovery(
    bool IsNew,
    long TransactionCount,
    int UncommittedCount,
    bool WasSuperRepaired,
    LogRecoveryReport? Log);
