namespace NeuroDb.Neural;

/// <summary>A pass over arrays in a given order.</summary>
internal sealed class ArrayReader(
    ReadOnlyMemory<float> features,
    ReadOnlyMemory<float> targets,
    int[] order,
    int featureCount,
    int targetCount) : IExampleReader
{
    private int _at;

    /// <inheritdoc/>
    public int Read(Span<float> rows, Span<float> rowTargets)
    {
        int room = targetCount > 0
            ? rowTargets.Length / targetCount : rows.Length / Math.Max(1, featureCount);
        int count = Math.Min(room, order.Length - _at);
        for (int i = 0; i < count; i++)
        {
            int row = order[_at + i];
            features.Span.Slice(row * featureCount, featureCount)
                .CopyTo(rows[(i * featureCount)..]);
            targets.Span.Slice(row * targetCount, targetCount)
                .CopyTo(rowTargets[(i * targetCount)..]);
        }

        _at += count;
        return count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Arrays need no closing.
    }
}
