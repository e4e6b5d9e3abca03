using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>max(x, 0); the derivative at 0 is 0, NaN stays.</summary>
internal readonly struct RectifierActivation : IActivation
{
    /// <inheritdoc/>
    public static double Compute(double x) => Math.Max(x, 0);

    /// <inheritdoc/>
    public static double Derivative(double x) => x > 0 ? 1 : 0;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Compute<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        TLanes.Maximum(x, default);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TLanes, TVector>(TVector x, TVector y)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        TLanes.WherePositive(y, TLanes.Create(1), default);
}
