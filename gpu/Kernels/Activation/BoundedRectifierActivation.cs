using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>min(max(x, 0), 6), the rectifier of small networks; NaN stays.</summary>
internal readonly struct BoundedRectifierActivation : IActivation
{
    /// <summary>The largest number that comes out.</summary>
    public const float Limit = 6;

    /// <inheritdoc/>
    public static double Compute(double x) => Math.Min(Math.Max(x, 0), Limit);

    /// <inheritdoc/>
    public static double Derivative(double x) => x > 0 && x < Limit ? 1 : 0;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Compute<TLanes, TVector>(TVector x)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        TVector limit = TLanes.Create(Limit);
        TVector rectified = TLanes.Maximum(x, default);
        return TLanes.WherePositive(
            TLanes.Subtract(rectified, limit), limit, rectified);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Derivative<TLanes, TVector>(TVector x, TVector y)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct =>
        TLanes.WherePositive(
            y,
            TLanes.WherePositive(
                TLanes.Subtract(TLanes.Create(Limit), y), TLanes.Create(1), default),
            default);
}
