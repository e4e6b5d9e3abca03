using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>log(1 + exp(x)), a smooth rectifier; the derivative is the sigmoid.</summary>
internal readonly struct SoftRectifierActivation : IActivation
{
    /// <inheritdoc/>
    public static double Compute(double x) =>
        Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    /// <inheritdoc/>
    public static double Derivative(double x) => SigmoidActivation.Compute(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Compute<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector far = TLanes.Exp(TLanes.Subtract(default, TLanes.Abs(x)));
        return TLanes.Add(
            TLanes.Maximum(x, default), TLanes.Log(TLanes.Add(TLanes.Create(1), far)));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TLanes, TVector>(TVector x, TVector y)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        SigmoidActivation.Compute<TLanes, TVector>(x);
}
