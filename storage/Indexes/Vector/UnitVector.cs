using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>Vectors of length 1, as codes for the cosine are taken of.</summary>
internal static class UnitVector
{
    /// <summary>Shorter vectors have no direction that single precision holds.</summary>
    public const float SquaredNormMin = 1e-30f;

    /// <summary>Divides a vector by its length, which is neither zero nor infinite.</summary>
    public static void Scale(Span<float> vector)
    {
        float scale = 1 / MathF.Sqrt(Norm.ComputeSquared(vector));
        for (int i = 0; i < vector.Length; i++)
        {
            vector[i] *= scale;
        }
    }
}
