namespace NeuroDb.Bench;

/// <summary>
/// Vectors shaped like embeddings: points around random centres, so that distances differ. From a
/// seed, equal on every machine.
/// </summary>
internal static class VectorData
{
    /// <summary>Makes (count, dimension) row-major vectors around 256 centres.</summary>
    public static float[] Clustered(int count, int dimension, ulong seed)
    {
        var random = new SeededRandomSource(seed);
        const int CentreCount = 256;
        var centres = new float[CentreCount * dimension];
        Fill(centres, random, 1);
        var vectors = new float[count * dimension];
        Fill(vectors, random, 0.5f);
        for (int row = 0; row < count; row++)
        {
            int centre = (int)(random.NextUInt64() % CentreCount) * dimension;
            for (int i = 0; i < dimension; i++)
            {
                vectors[(row * dimension) + i] += centres[centre + i];
            }
        }

        return vectors;
    }

    private static void Fill(float[] target, SeededRandomSource random, float scale)
    {
        for (int i = 0; i < target.Length; i++)
        {
            ulong bits = random.NextUInt64();
            float uniform = (int)(bits >> 40) / (float)(1 << 24);
            float second = (int)((bits >> 16) & 0xFFFFFF) / (float)(1 << 24);
            target[i] = (uniform + second - 1) * scale;
        }
    }
}
