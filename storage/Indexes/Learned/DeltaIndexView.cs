namespace NeuroDb.Storage;

/// <summary>An index over the first rows of a delta at a moment.</summary>
/// <param name="Runs">Sorted runs of whole chunks, older rows first.</param>
/// <param name="Waiting">Whole chunks behind them that are to be sorted beside commits.</param>
/// <param name="Tail">The rows behind those.</param>
internal sealed record DeltaIndexView(IndexRun[] Runs, DeltaTail[] Waiting, DeltaTail Tail)
{
    /// <summary>The bytes of all of it.</summary>
    public long SizeBytes { get; } = Runs.Sum(static run => run.SizeBytes)
        + Waiting.Sum(static chunk => chunk.SizeBytes) + Tail.SizeBytes;
}
