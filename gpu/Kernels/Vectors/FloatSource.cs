using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>Elements in single precision.</summary>
internal readonly unsafe struct FloatSource : IFloatSource
{
    /// <inheritdoc/>
    public static int SizeBytes => sizeof(float);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load<TLanes, TVector>(byte* address)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.Load((float*)address);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector LoadPartial<TLanes, TVector>(byte* address, int count)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct => TLanes.LoadPartial((float*)address, count);
}
