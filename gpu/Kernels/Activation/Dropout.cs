namespace NeuroDb.Gpu;

/// <summary>y = x mask scale, where the mask is 0 or 1: the two ways of dropout.</summary>
internal static class Dropout
{
    /// <summary>The definition of one number.</summary>
    public static double ApplyScalar(float x, byte mask, float scale) => (double)x * mask * scale;

    /// <summary>y = x mask scale; the mask may be longer.</summary>
    public static void Apply(
        ReadOnlySpan<float> x,
        ReadOnlySpan<byte> mask,
        float scale,
        Span<float> y,
        VectorWidth width)
    {
        if (x.Length != y.Length || mask.Length < x.Length)
        {
            throw new ArgumentException("The arrays of a dropout differ in length.");
        }

        var action = new DropoutAction(x, mask, scale, y);
        FloatDispatch.Run(width, ref action);
    }
}
