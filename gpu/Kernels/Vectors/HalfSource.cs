using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>Elements in half precision.</summary>
internal readonly unsafe struct HalfSource : IFloatSource
{
    /// <inheritdoc/>
    public static int SizeBytes => sizeof(Half);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load<TLanes, TVector>(byte* address)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.LoadHalf((Half*)address);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LoadPartial<TLanes, TVector>(byte* address, int count)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.LoadHalfPartial((Half*)address, count);
}
