namespace NeuroDb.Gpu;

/// <summary>Euclidean norm: sqrt(sum(a[i]^2)).</summary>
/// <remarks>An empty vector gives 0. A NaN gives NaN, an overflow gives infinity.</remarks>
internal static class Norm
{
    /// <summary>sqrt(sum(a[i]^2)); the sum in single precision in many lanes.</summary>
    public static float Compute(ReadOnlySpan<float> a) => MathF.Sqrt(ComputeSquared(a));

    /// <summary>sum(a[i]^2), added up in the same order as <see cref="Dot"/> does.</summary>
    public static float ComputeSquared(ReadOnlySpan<float> a) => PairReduction.Compute<Dot>(a, a);

    /// <summary>The reference: the plain formula in double precision.</summary>
    public static float ComputeScalar(ReadOnlySpan<float> a)
    {
        double sum = 0;
        foreach (float element in a)
        {
            sum += (double)element * element;
        }

        return (float)Math.Sqrt(sum);
    }
}
