namespace NeuroDb.Neural;

/// <summary>
/// Examples whose features are their target. A share of the features is set to 0 while the target
/// keeps them (Vincent et al., "Extracting and Composing Robust Features with Denoising
/// Autoencoders", ICML 2008); which ones depends on the seed, the pass and the place alone.
/// </summary>
/// <param name="inner">The examples.</param>
/// <param name="noise">The share of features that are set to 0.</param>
/// <param name="seed">What decides which.</param>
internal sealed class EchoSource(IExampleSource inner, double noise, ulong seed) : IExampleSource
{
    /// <inheritdoc/>
    public int FeatureCount => inner.FeatureCount;

    /// <inheritdoc/>
    public int TargetCount => inner.FeatureCount;

    /// <inheritdoc/>
    public long Count => inner.Count;

    /// <inheritdoc/>
    public IExampleReader Open(int pass) =>
        new Reader(inner.Open(pass), this, new SeededRandomSource(
            Hash64.Combine(seed, (ulong)pass)));

    private sealed class Reader(
        IExampleReader inner, EchoSource source, SeededRandomSource random) : IExampleReader
    {
        private readonly float[] _noTargets = new float[1 << 16];

        public int Read(Span<float> features, Span<float> targets)
        {
            int width = source.FeatureCount;
            int count = inner.Read(features, _noTargets);
            features[..(count * width)].CopyTo(targets);
            for (int i = 0; source.Noise > 0 && i < count * width; i++)
            {
                features[i] = Initializer.Uniform(random) < source.Noise ? 0 : features[i];
            }

            return count;
        }

        public void Dispose() => inner.Dispose();
    }

    private double Noise => noise;
}
