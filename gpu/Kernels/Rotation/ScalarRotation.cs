namespace NeuroDb.Gpu;

/// <summary>
/// A <see cref="RandomRotation"/>, scalar reference: signs, the recursive definition of the
/// Walsh-Hadamard transform, and the mixing step, in double precision.
/// </summary>
internal static class ScalarRotation
{
    /// <summary>The rotated vector.</summary>
    public static double[] Rotate(RandomRotation rotation, ReadOnlySpan<float> vector)
    {
        var rotated = new double[rotation.PaddedDimension];
        for (int i = 0; i < vector.Length; i++)
        {
            rotated[i] = vector[i];
        }

        for (int round = 0; round < RandomRotation.Rounds; round++)
        {
            for (int i = 0; i < rotated.Length; i++)
            {
                rotated[i] *= Math.Sign(rotation.Signs(round)[i]);
            }

            Span<double> window =
                rotated.AsSpan(rotation.WindowStart(round), rotation.WindowLength);
            Transform(window);
            foreach (ref double element in window)
            {
                element /= Math.Sqrt(rotation.WindowLength);
            }

            if (rotation.WindowLength < rotated.Length)
            {
                Mix(rotated);
            }
        }

        return rotated;
    }

    private static void Transform(Span<double> window)
    {
        if (window.Length == 1)
        {
            return;
        }

        Span<double> lower = window[..(window.Length / 2)];
        Span<double> upper = window[lower.Length..];
        Transform(lower);
        Transform(upper);
        for (int i = 0; i < lower.Length; i++)
        {
            (lower[i], upper[i]) = (lower[i] + upper[i], lower[i] - upper[i]);
        }
    }

    private static void Mix(double[] vector)
    {
        int half = vector.Length / 2;
        for (int i = 0; i < half; i++)
        {
            double a = vector[i];
            double b = vector[half + i];
            vector[i] = (a + b) / Math.Sqrt(2);
            vector[half + i] = (a - b) / Math.Sqrt(2);
        }
    }
}
