using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>x itself.</summary>
internal readonly struct IdentityActivation : IActivation
{
    /// <inheritdoc/>
    public static double Compute(double x) => x;

    /// <inheritdoc/>
    public static double Derivative(double x) => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Compute<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        x;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TLanes, TVector>(TVector x, TVector y)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        TLanes.Create(1);
}
