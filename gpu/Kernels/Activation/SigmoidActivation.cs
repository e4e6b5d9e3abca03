using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>1 / (1 + exp(-x)); the derivative is y (1 - y).</summary>
internal readonly struct SigmoidActivation : IActivation
{
    /// <inheritdoc/>
    public static double Compute(double x) => 1 / (1 + Math.Exp(-x));

    /// <inheritdoc/>
    public static double Derivative(double x) => Compute(x) * (1 - Compute(x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Compute<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        TLanes.Divide(
            TLanes.Create(1),
            TLanes.Add(TLanes.Create(1), TLanes.Exp(TLanes.Subtract(default, x))));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TLanes, TVector>(TVector x, TVector y)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        TLanes.Multiply(y, TLanes.Subtract(TLanes.Create(1), y));
}
