using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>
/// x where positive, exp(x) - 1 elsewhere: the exponential linear unit (Clevert et al., ICLR
/// 2016).
/// </summary>
internal readonly struct ExponentialActivation : IActivation
{
    /// <inheritdoc/>
    public static double Compute(double x) => x > 0 ? x : Math.Exp(x) - 1;

    /// <inheritdoc/>
    public static double Derivative(double x) => x > 0 ? 1 : Math.Exp(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Compute<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        TLanes.WherePositive(x, x, TLanes.Subtract(TLanes.Exp(x), TLanes.Create(1)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TLanes, TVector>(TVector x, TVector y)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        TLanes.WherePositive(x, TLanes.Create(1), TLanes.Add(y, TLanes.Create(1)));
}
