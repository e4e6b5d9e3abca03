using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>x where positive, x / 100 elsewhere.</summary>
internal readonly struct LeakyRectifierActivation : IActivation
{
    /// <inheritdoc/>
    public static double Compute(double x) => x > 0 ? x : x * 0.01;

    /// <inheritdoc/>
    public static double Derivative(double x) => x > 0 ? 1 : 0.01;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Compute<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        TLanes.WherePositive(x, x, TLanes.Multiply(x, TLanes.Create(0.01f)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TLanes, TVector>(TVector x, TVector y)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        TLanes.WherePositive(x, TLanes.Create(1), TLanes.Create(0.01f));
}
