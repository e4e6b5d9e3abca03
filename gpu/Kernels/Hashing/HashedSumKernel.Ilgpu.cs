using ILGPU;

namespace NeuroDb.Gpu;

/// <summary>
/// A <see cref="HashedSum"/> of many texts, device form: a thread takes a block of a vector, and
/// the features of the text in their order, so nothing is added by two threads.
/// </summary>
/// <remarks>
/// Shapes: features and weights of all texts, one behind the other; starts (Texts + 1), where those
/// of each text begin; vectors (Texts, Dimension).
/// </remarks>
internal static class HashedSumKernel
{
    /// <summary>Adds to vectors; explicitly grouped.</summary>
    public static void Add(
        ArrayView<ulong> features,
        ArrayView<float> weights,
        ArrayView<int> starts,
        ArrayView<float> vectors,
        HashedSumShape shape)
    {
        long count = (long)shape.Texts * shape.Blocks;
        for (long i = DeviceGrid.First; i < count; i += DeviceGrid.Step)
        {
            long text = i / shape.Blocks;
            int block = (int)(i % shape.Blocks);
            int start = HashedSum.StartOf(block, shape.Blocks, shape.Dimension);
            int end = HashedSum.StartOf(block + 1, shape.Blocks, shape.Dimension);
            long own = (text * shape.Dimension) + start;
            for (int feature = starts[text]; feature < starts[text + 1]; feature++)
            {
                ulong draw = FeatureHash.Draw(features[feature], block);
                long offset = (long)(((draw >> 32) * (ulong)(end - start)) >> 32);
                float weight = weights[feature];
                vectors[own + offset] += (draw & 1) == 0 ? weight : -weight;
            }
        }
    }
}
