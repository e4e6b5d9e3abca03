namespace NeuroDb.Neural;

/// <summary>
/// Shuffles a source that is too large for memory: a buffer of examples is kept full, and each
/// example that leaves it is drawn from all of it.
/// </summary>
/// <param name="source">The examples in their own order.</param>
/// <param name="bufferRows">Examples kept in memory.</param>
/// <param name="seed">What the order depends on.</param>
internal sealed class ShuffledExamples(IExampleSource source, int bufferRows, ulong seed)
    : IExampleSource
{
    /// <inheritdoc/>
    public int FeatureCount => source.FeatureCount;

    /// <inheritdoc/>
    public int TargetCount => source.TargetCount;

    /// <inheritdoc/>
    public long Count => source.Count;

    /// <inheritdoc/>
    public IExampleReader Open(int pass) => new ShuffledReader(
        source.Open(pass),
        bufferRows,
        source.FeatureCount,
        source.TargetCount,
        new SeededRandomSource(Hash64.Combine(seed, (ulong)pass)));
}
