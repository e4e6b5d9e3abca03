namespace NeuroDb.Query;

/// <summary>What a slice of work in the background did; one without rows was not yet.</summary>
/// <param name="RowCount">Its rows.</param>
/// <param name="Took">How long they took.</param>
internal readonly record struct PastSlice(int RowCount, TimeSpan Took);
