namespace NeuroDb.Gpu;

/// <summary>Rows drawn from vectors for training.</summary>
internal static class RowSample
{
    /// <summary>Longer vectors, and those with a NaN, have distances no float holds.</summary>
    private const float SquaredNormMax = float.MaxValue / 8;

    /// <summary>
    /// At most so many rows without NaN or infinity, in their order: one from each of so many even
    /// stretches, so that data in an order is covered evenly.
    /// </summary>
    public static float[] Draw(
        ReadOnlySpan<float> vectors, int dimension, long wanted, SeededRandomSource random)
    {
        int count = vectors.Length / dimension;
        int drawn = (int)Math.Min(count, wanted);
        var sample = new float[(long)drawn * dimension];
        int kept = 0;
        for (int i = 0; i < drawn; i++)
        {
            int begin = (int)((long)i * count / drawn);
            int end = (int)((i + 1L) * count / drawn);
            int row = begin + (int)(random.NextUInt64() % (ulong)(end - begin));
            ReadOnlySpan<float> vector = vectors.Slice(row * dimension, dimension);
            if (Norm.ComputeSquared(vector) < SquaredNormMax)
            {
                vector.CopyTo(sample.AsSpan(kept * dimension));
                kept++;
            }
        }

        Array.Resize(ref sample, kept * dimension);
        return sample;
    }
}
