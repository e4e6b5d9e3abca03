using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>
/// x s(x), where s is the sigmoid: SiLU or swish (Elfwing et al., Neural Networks 107, 2018).
/// </summary>
internal readonly struct SigmoidLinearActivation : IActivation
{
    /// <inheritdoc/>
    public static double Compute(double x) => x * SigmoidActivation.Compute(x);

    /// <inheritdoc/>
    public static double Derivative(double x) =>
        SigmoidActivation.Compute(x) * (1 + x - Compute(x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Compute<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        TLanes.Multiply(x, SigmoidActivation.Compute<TLanes, TVector>(x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TLanes, TVector>(TVector x, TVector y)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector one = TLanes.Create(1);
        return TLanes.Multiply(
            SigmoidActivation.Compute<TLanes, TVector>(x),
            TLanes.Subtract(TLanes.Add(one, x), y));
    }
}
