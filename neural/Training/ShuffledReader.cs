namespace NeuroDb.Neural;

/// <summary>A pass that draws examples from a buffer.</summary>
internal sealed class ShuffledReader(
    IExampleReader source,
    int bufferRows,
    int featureCount,
    int targetCount,
    IRandomSource random) : IExampleReader
{
    private readonly float[] _features = new float[bufferRows * featureCount];
    private readonly float[] _targets = new float[bufferRows * targetCount];
    private int _filled = -1;

    /// <inheritdoc/>
    public int Read(Span<float> features, Span<float> targets)
    {
        if (_filled < 0)
        {
            _filled = source.Read(_features, _targets);
        }

        int room = features.Length / Math.Max(1, featureCount);
        int count = 0;
        for (; count < room && _filled > 0; count++)
        {
            int drawn = (int)Math.BigMul(random.NextUInt64(), (ulong)_filled, out _);
            Span<float> row = _features.AsSpan(drawn * featureCount, featureCount);
            Span<float> target = _targets.AsSpan(drawn * targetCount, targetCount);
            row.CopyTo(features[(count * featureCount)..]);
            target.CopyTo(targets[(count * targetCount)..]);
            if (source.Read(row, target) == 0)
            {
                _filled--;
                _features.AsSpan(_filled * featureCount, featureCount).CopyTo(row);
                _targets.AsSpan(_filled * targetCount, targetCount).CopyTo(target);
            }
        }

        return count;
    }

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();
}
