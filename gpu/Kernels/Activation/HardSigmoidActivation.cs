using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>
/// min(max(x + 3, 0), 6) / 6, a sigmoid of three straight lines (Howard et al., "Searching for
/// MobileNetV3", ICCV 2019).
/// </summary>
internal readonly struct HardSigmoidActivation : IActivation
{
    /// <summary>How steep the line in the middle is.</summary>
    public const float Slope = 1f / 6;

    /// <inheritdoc/>
    public static double Compute(double x) =>
        BoundedRectifierActivation.Compute(x + 3) / 6;

    /// <inheritdoc/>
    public static double Derivative(double x) => Math.Abs(x) < 3 ? 1.0 / 6 : 0;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Compute<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        TLanes.Multiply(
            BoundedRectifierActivation.Compute<TLanes, TVector>(
                TLanes.Add(x, TLanes.Create(3))),
            TLanes.Create(Slope));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TLanes, TVector>(TVector x, TVector y)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        TLanes.WherePositive(
            TLanes.Subtract(TLanes.Create(3), TLanes.Abs(x)), TLanes.Create(Slope), default);
}
