namespace NeuroDb.Storage;

/// <summary>Whose view of a table it is.</summary>
/// <param name="Timestamp">The snapshot of the transaction.</param>
/// <param name="Pending">The transaction's own changes, if there are any.</param>
/// <param name="Operation">The last of its operations that shows.</param>
internal readonly record struct SnapshotView(
    long Timestamp, PendingRows? Pending, int Operation);
