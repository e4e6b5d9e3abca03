namespace NeuroDb.Neural;

/// <summary>The examples of a source with one of its targets alone.</summary>
internal sealed class OneTargetExamples(IExampleSource source, int target) : IExampleSource
{
    /// <inheritdoc/>
    public int FeatureCount => source.FeatureCount;

    /// <inheritdoc/>
    public int TargetCount => 1;

    /// <inheritdoc/>
    public long Count => source.Count;

    /// <inheritdoc/>
    public IExampleReader Open(int pass) =>
        new OneTargetReader(source.Open(pass), source.TargetCount, target);
}
