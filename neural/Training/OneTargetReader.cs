namespace NeuroDb.Neural;

/// <summary>A pass over examples that gives one of their targets.</summary>
internal sealed class OneTargetReader(IExampleReader reader, int targetCount, int target)
    : IExampleReader
{
    private float[] _all = [];

    /// <inheritdoc/>
    public int Read(Span<float> features, Span<float> targets)
    {
        int room = targets.Length * targetCount;
        _all = _all.Length < room ? new float[room] : _all;
        int count = reader.Read(features, _all.AsSpan(0, room));
        for (int row = 0; row < count; row++)
        {
            targets[row] = _all[(row * targetCount) + target];
        }

        return count;
    }

    /// <inheritdoc/>
    public void Dispose() => reader.Dispose();
}
