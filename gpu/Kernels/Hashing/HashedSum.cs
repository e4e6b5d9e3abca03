namespace NeuroDb.Gpu;

/// <summary>
/// Adds hashed features to a vector: the vector is cut into as many blocks as a feature has
/// coordinates, and in block i the coordinate that draw i of the feature chooses gets its weight
/// with the sign of the draw, so that a feature never meets itself and cancels out.
/// </summary>
/// <remarks>
/// Signed hashing (Weinberger et al., ICML 2009, section 2), the block construction of Kane and
/// Nelson (JACM 2014). Shapes: features and weights (count); vector (dimension), at least as long
/// as there are blocks. Features are added in their order, so all forms give the same bits.
/// </remarks>
internal static class HashedSum
{
    /// <summary>The definition.</summary>
    public static void AddScalar(
        ReadOnlySpan<ulong> features, ReadOnlySpan<float> weights, int blocks, Span<float> vector)
    {
        Check(features, weights, blocks, vector);
        for (int i = 0; i < features.Length; i++)
        {
            for (int block = 0; block < blocks; block++)
            {
                int start = StartOf(block, blocks, vector.Length);
                int end = StartOf(block + 1, blocks, vector.Length);
                ulong draw = FeatureHash.Draw(features[i], block);
                int offset = (int)(((draw >> 32) * (ulong)(end - start)) >> 32);
                vector[start + offset] += (draw & 1) == 0 ? weights[i] : -weights[i];
            }
        }
    }

    /// <summary>Adds features to a vector.</summary>
    public static void Add(
        ReadOnlySpan<ulong> features,
        ReadOnlySpan<float> weights,
        int blocks,
        Span<float> vector) => Add(features, weights, blocks, vector, VectorWidths.Widest);

    /// <summary>Adds features to a vector with a given register width.</summary>
    public static void Add(
        ReadOnlySpan<ulong> features,
        ReadOnlySpan<float> weights,
        int blocks,
        Span<float> vector,
        VectorWidth width)
    {
        Check(features, weights, blocks, vector);
        var action = new HashedSumAction(features, weights, blocks, vector);
        HashDispatch.Run(width, ref action);
    }

    /// <summary>Where a block of a vector begins.</summary>
    public static int StartOf(int block, int blocks, int dimension) =>
        (int)((long)block * dimension / blocks);

    private static void Check(
        ReadOnlySpan<ulong> features, ReadOnlySpan<float> weights, int blocks, Span<float> vector)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(blocks, 1);
        if (features.Length != weights.Length || vector.Length < blocks)
        {
            throw new ArgumentException(
                $"{features.Length} features have {weights.Length} weights, and {vector.Length} "
                + $"numbers {blocks} blocks.");
        }
    }
}
