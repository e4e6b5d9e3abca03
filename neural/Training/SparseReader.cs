namespace NeuroDb.Neural;

/// <summary>A pass over sparse examples in a given order.</summary>
internal sealed class SparseReader(SparseExamples examples, int[] order) : IExampleReader
{
    private int _at;

    /// <inheritdoc/>
    public int Read(Span<float> features, Span<float> targets)
    {
        int width = examples.FeatureCount;
        int targetWidth = examples.TargetCount;
        int count = Math.Min(features.Length / width, order.Length - _at);
        for (int i = 0; i < count; i++)
        {
            examples.Spread(
                order[_at + i],
                features.Slice(i * width, width),
                targets.Slice(i * targetWidth, targetWidth));
        }

        _at += count;
        return count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is open.
    }
}
