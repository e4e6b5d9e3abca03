using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>tanh(x) = 1 - 2 / (exp(2x) + 1); the derivative is 1 - y^2.</summary>
internal readonly struct TanhActivation : IActivation
{
    /// <inheritdoc/>
    public static double Compute(double x) => Math.Tanh(x);

    /// <inheritdoc/>
    public static double Derivative(double x) => 1 - (Math.Tanh(x) * Math.Tanh(x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Compute<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        TLanes.Subtract(
            TLanes.Create(1),
            TLanes.Divide(
                TLanes.Create(2),
                TLanes.Add(TLanes.Exp(TLanes.Add(x, x)), TLanes.Create(1))));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TLanes, TVector>(TVector x, TVector y)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        TLanes.Subtract(TLanes.Create(1), TLanes.Multiply(y, y));
}
