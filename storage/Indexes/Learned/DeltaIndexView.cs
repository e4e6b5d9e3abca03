namespace NeuroDb.Storage;

/// <summary>An index over the first rows of a delta at a moment.</summary>
/// <param name="Runs">Sorted runs of whole chunks, older rows first.</param>
/// <param name="TailStart">The rows that the runs cover.</param>
/// <param name="Tail">For each column the codes of the rows behind them, in row order.</param>
/// <param name="Hashes">
/// The hashes of the first column's values of those rows, where codes may not tell values; else
/// null.
/// </param>
/// <param name="Slots">Finds those rows, where commits look into the index; else null.</param>
internal sealed record DeltaIndexView(
    IndexRun[] Runs, int TailStart, ulong[][] Tail, ulong[]? Hashes, TailSlots? Slots)
{
    /// <summary>The bytes of the runs.</summary>
    public long RunsSizeBytes { get; } = Runs.Sum(static run => run.SizeBytes);
}
