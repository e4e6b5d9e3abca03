using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>x times <see cref="HardSigmoidActivation"/> of x (MobileNetV3).</summary>
internal readonly struct HardSwishActivation : IActivation
{
    /// <inheritdoc/>
    public static double Compute(double x) => x * HardSigmoidActivation.Compute(x);

    /// <inheritdoc/>
    public static double Derivative(double x) =>
        x <= -3 ? 0 : x < 3 ? ((2 * x) + 3) / 6 : 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Compute<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        TLanes.Multiply(x, HardSigmoidActivation.Compute<TLanes, TVector>(x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TLanes, TVector>(TVector x, TVector y)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        TLanes.WherePositive(
            TLanes.Subtract(TLanes.Create(3), TLanes.Abs(x)),
            TLanes.MultiplyAdd(
                x, TLanes.Create(2 * HardSigmoidActivation.Slope), TLanes.Create(0.5f)),
            TLanes.WherePositive(x, TLanes.Create(1), default));
}
