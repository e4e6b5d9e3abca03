using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>
/// Scale x where positive, Scale Alpha (exp(x) - 1) elsewhere, with the factors that keep mean 0
/// and variance 1 (Klambauer et al., "Self-Normalizing Neural Networks", NIPS 2017).
/// </summary>
internal readonly struct ScaledExponentialActivation : IActivation
{
    /// <summary>How steep it is where positive.</summary>
    public const float Scale = 1.05070098f;

    /// <summary>Where it ends to the left, divided by the scale.</summary>
    public const float Alpha = 1.67326324f;

    /// <inheritdoc/>
    public static double Compute(double x) =>
        Scale * (x > 0 ? x : Alpha * (Math.Exp(x) - 1));

    /// <inheritdoc/>
    public static double Derivative(double x) =>
        Scale * (x > 0 ? 1 : Alpha * Math.Exp(x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Compute<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        TLanes.WherePositive(
            x,
            TLanes.Multiply(x, TLanes.Create(Scale)),
            TLanes.Multiply(
                TLanes.Subtract(TLanes.Exp(x), TLanes.Create(1)),
                TLanes.Create(Scale * Alpha)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TLanes, TVector>(TVector x, TVector y)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        TLanes.WherePositive(
            x, TLanes.Create(Scale), TLanes.Add(y, TLanes.Create(Scale * Alpha)));
}
