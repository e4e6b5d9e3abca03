namespace NeuroDb.Query;

/// <summary>The arithmetic of vectors, in double precision; both spans have one length.</summary>
internal static class VectorLoops
{
    /// <summary>Sum of left * right.</summary>
    public static double Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
        {
            sum += (double)left[i] * right[i];
        }

        return sum;
    }

    /// <summary>Sum of (left - right)^2.</summary>
    public static double SquaredEuclidean(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
        {
            double difference = (double)left[i] - right[i];
            sum += difference * difference;
        }

        return sum;
    }

    /// <summary>Sum of |left - right|.</summary>
    public static double Manhattan(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        double sum = 0;
        for (int i = 0; i < left.Length; i++)
        {
            sum += Math.Abs((double)left[i] - right[i]);
        }

        return sum;
    }

    /// <summary>1 - cosine, within 0 to 2; NaN if a vector is zero.</summary>
    public static double CosineDistance(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        double product = Dot(left, right);
        double norms = Math.Sqrt(Dot(left, left)) * Math.Sqrt(Dot(right, right));
        return norms == 0 ? double.NaN : 1 - Math.Clamp(product / norms, -1, 1);
    }
}
