namespace NeuroDb.Gpu;

/// <summary>Features that wait for their registers: a lane draws for one.</summary>
/// <param name="features">(count).</param>
/// <param name="weights">(count).</param>
/// <param name="blocks">Coordinates of a feature.</param>
/// <param name="vector">(dimension).</param>
internal readonly unsafe ref struct HashedSumAction(
    ReadOnlySpan<ulong> features,
    ReadOnlySpan<float> weights,
    int blocks,
    Span<float> vector) : IHashAction
{
    private readonly ReadOnlySpan<ulong> _features = features;
    private readonly ReadOnlySpan<float> _weights = weights;
    private readonly Span<float> _vector = vector;

    /// <inheritdoc/>
    public void Run<TLanes, TVector>()
        where TLanes : struct, IHashLanes<TVector>
        where TVector : struct
    {
        int count = _features.Length;
        int whole = count - (count % TLanes.Count);
        ulong* draws = stackalloc ulong[TLanes.Count];
        fixed (ulong* features = _features)
        fixed (float* weights = _weights, vector = _vector)
        {
            for (int block = 0; block < blocks; block++)
            {
                int start = HashedSum.StartOf(block, blocks, _vector.Length);
                int end = HashedSum.StartOf(block + 1, blocks, _vector.Length);
                float* own = vector + start;
                ulong width = (ulong)(end - start);
                TVector step =
                    TLanes.Create(unchecked((ulong)(block + 1) * FeatureHash.SpreadStep));
                for (int i = 0; i < whole; i += TLanes.Count)
                {
                    TLanes.Store(
                        HashMix<TLanes, TVector>.Mix(TLanes.Add(TLanes.Load(features + i), step)),
                        draws);
                    for (int lane = 0; lane < TLanes.Count; lane++)
                    {
                        Put(own, draws[lane], width, weights[i + lane]);
                    }
                }

                for (int i = whole; i < count; i++)
                {
                    Put(own, FeatureHash.Draw(features[i], block), width, weights[i]);
                }
            }
        }
    }

    private static void Put(float* block, ulong draw, ulong width, float weight)
    {
        // The lowest bit of the draw becomes the sign.
        uint bits = BitConverter.SingleToUInt32Bits(weight) ^ ((uint)draw << 31);
        block[((draw >> 32) * width) >> 32] += BitConverter.UInt32BitsToSingle(bits);
    }
}
