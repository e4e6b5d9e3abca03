namespace NeuroDb.Neural;

/// <summary>
/// Each example twice, one behind the other, with its number as the target of both: two views of
/// one thing, once each is changed at random.
/// </summary>
/// <param name="inner">The examples.</param>
internal sealed class ViewSource(IExampleSource inner) : IExampleSource
{
    /// <inheritdoc/>
    public int FeatureCount => inner.FeatureCount;

    /// <inheritdoc/>
    public int TargetCount => 1;

    /// <inheritdoc/>
    public long Count => inner.Count < 0 ? -1 : 2 * inner.Count;

    /// <inheritdoc/>
    public IExampleReader Open(int pass) => new Reader(inner.Open(pass), inner.FeatureCount);

    private sealed class Reader(IExampleReader inner, int width) : IExampleReader
    {
        private readonly float[] _noTargets = new float[1 << 16];

        public int Read(Span<float> features, Span<float> targets)
        {
            int room = features.Length / width / 2;
            int count = inner.Read(features[..(room * width)], _noTargets);

            // From behind, so that nothing is written over before it was read.
            for (int i = count - 1; i >= 0; i--)
            {
                ReadOnlySpan<float> one = features.Slice(i * width, width);
                one.CopyTo(features[(((2 * i) + 1) * width)..]);
                one.CopyTo(features[(2 * i * width)..]);
                targets[2 * i] = i;
                targets[(2 * i) + 1] = i;
            }

            return 2 * count;
        }

        public void Dispose() => inner.Dispose();
    }
}
