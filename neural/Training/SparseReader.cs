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

    /// <summary>
    /// Adds the features that are not 0 of the next examples; their ends and targets.
    /// </summary>
    /// <returns>How many examples there were; fewer than ends only at the end.</returns>
    public int Read(List<(int Place, float Value)> entries, Span<int> ends, Span<float> targets)
    {
        int count = Math.Min(ends.Length, order.Length - _at);
        for (int i = 0; i < count; i++)
        {
            examples.AddEntries(
                order[_at + i],
                entries,
                targets.Slice(i * examples.TargetCount, examples.TargetCount));
            ends[i] = entries.Count;
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
