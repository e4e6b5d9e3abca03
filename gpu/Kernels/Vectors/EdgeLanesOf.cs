using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>Loads and stores of a register that may reach past the end of an array.</summary>
internal static unsafe class EdgeLanes<TLanes, TVector>
    where TLanes : struct, ILanes<TVector>
    where TVector : struct
{
    /// <summary>Loads what is left, zeros in the other lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load(float* address, nint left) =>
        left >= TLanes.Count ? TLanes.Load(address) : TLanes.LoadPartial(address, (int)left);

    /// <summary>Stores no more than what is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(TVector a, float* address, nint left)
    {
        if (left >= TLanes.Count)
        {
            TLanes.Store(a, address);
        }
        else
        {
            TLanes.StorePartial(a, address, (int)left);
        }
    }
}
