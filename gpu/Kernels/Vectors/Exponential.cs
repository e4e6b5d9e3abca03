namespace NeuroDb.Gpu;

/// <summary>
/// The numbers of e to the power of a in single precision: a = n ln 2 + r with |r| at most half of
/// ln 2, in two steps so that nothing of r is lost (Cody and Waite, Software Manual for the
/// Elementary Functions, 1980, chapter 6), and e^a = 2^n (1 + r + r^2 q(r)), where q is the
/// polynomial of degree four that is nearest to its function at the points of Chebyshev. The error
/// is below one unit in the last place; beyond what floats hold it gives 0 and infinity.
/// </summary>
internal static class Exponential
{
    /// <summary>From here on, the power of e is greater than all floats.</summary>
    public const float Largest = 89;

    /// <summary>Below, it is less than half of the smallest float.</summary>
    public const float Least = -105;

    /// <summary>1 / ln 2.</summary>
    public const float Inverse = 1.44269504f;

    /// <summary>Adding 1.5 2^23 rounds to a whole number: it is in the last bits.</summary>
    public const float Rounder = 12_582_912;

    /// <summary>The bits of that number.</summary>
    public const int RounderBits = 0x4B40_0000;

    /// <summary>ln 2 in ten bits: its product with n is exact.</summary>
    public const float Coarse = 0.693359375f;

    /// <summary>The rest of ln 2.</summary>
    public const float Fine = -2.12194440e-4f;

    /// <summary>The coefficient of r^6.</summary>
    public const float Sixth = 0.0013926213f;

    /// <summary>The coefficient of r^5.</summary>
    public const float Fifth = 0.0083632032f;

    /// <summary>The coefficient of r^4.</summary>
    public const float Fourth = 0.041666556f;

    /// <summary>The coefficient of r^3.</summary>
    public const float Third = 0.16666576f;

    /// <summary>What is added to an exponent in the bits of a float.</summary>
    public const int Bias = 127;

    /// <summary>The bits behind the exponent.</summary>
    public const int MantissaBits = 23;
}
