using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>
/// x P(x), where P is the distribution function of the normal distribution (Hendrycks and Gimpel,
/// "Gaussian Error Linear Units", 2016); the derivative is P(x) + x p(x).
/// </summary>
/// <remarks>
/// P comes from the error function of Abramowitz and Stegun, "Handbook of Mathematical Functions",
/// formula 7.1.26, whose error is at most 1.5e-7.
/// </remarks>
internal readonly struct GaussianErrorActivation : IActivation
{
    private const float RootOfHalf = 0.70710678f;
    private const float DensityAtZero = 0.39894228f;

    /// <inheritdoc/>
    public static double Compute(double x) => x * Distribution(x);

    /// <inheritdoc/>
    public static double Derivative(double x) =>
        Distribution(x) + (x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Compute<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        TLanes.Multiply(x, Distribution<TLanes, TVector>(x, Bell<TLanes, TVector>(x)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TLanes, TVector>(TVector x, TVector y)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector bell = Bell<TLanes, TVector>(x);
        return TLanes.MultiplyAdd(
            TLanes.Multiply(x, TLanes.Create(DensityAtZero)),
            bell,
            Distribution<TLanes, TVector>(x, bell));
    }

    /// <summary>exp(-x^2 / 2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Bell<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        TLanes.Exp(TLanes.Multiply(TLanes.Multiply(x, x), TLanes.Create(-0.5f)));

    /// <summary>P(x): with t = 1 / (1 + p |x| / sqrt 2), 1 - P(|x|) = bell poly(t) / 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Distribution<TLanes, TVector>(TVector x, TVector bell)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector one = TLanes.Create(1);
        TVector t = TLanes.Divide(one, TLanes.MultiplyAdd(
            TLanes.Abs(x), TLanes.Create(0.3275911f * RootOfHalf), one));
        TVector sum = TLanes.MultiplyAdd(
            t, TLanes.Create(1.061405429f), TLanes.Create(-1.453152027f));
        sum = TLanes.MultiplyAdd(t, sum, TLanes.Create(1.421413741f));
        sum = TLanes.MultiplyAdd(t, sum, TLanes.Create(-0.284496736f));
        sum = TLanes.MultiplyAdd(t, sum, TLanes.Create(0.254829592f));
        TVector tail = TLanes.Multiply(
            TLanes.Multiply(t, sum), TLanes.Multiply(bell, TLanes.Create(0.5f)));
        return TLanes.WherePositive(x, TLanes.Subtract(one, tail), tail);
    }

    /// <summary>By the series of the error function, or its continued fraction far out.</summary>
    private static double Distribution(double x)
    {
        double z = Math.Abs(x);
        double density = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);
        double tail;
        if (z < 3)
        {
            double term = z;
            double sum = z;
            for (int i = 3; Math.Abs(term) > 1e-17; i += 2)
            {
                term *= z * z / i;
                sum += term;
            }

            tail = 0.5 - (density * sum);
        }
        else
        {
            double fraction = z;
            for (int i = 60; i > 0; i--)
            {
                fraction = z + (i / fraction);
            }

            tail = density / fraction;
        }

        return x > 0 ? 1 - tail : tail;
    }
}
