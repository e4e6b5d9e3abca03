using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>Runs work over 64-bit words with the registers of a width.</summary>
internal static class HashDispatch
{
    /// <summary>Runs an action with the registers of the width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TAction>(VectorWidth width, ref TAction action)
        where TAction : struct, IHashAction, allows ref struct
    {
        switch (width)
        {
            case VectorWidth.Bits512:
                action.Run<HashLanes512, Vector512<ulong>>();
                break;
            case VectorWidth.Bits256:
                action.Run<HashLanes256, Vector256<ulong>>();
                break;
            default:
                action.Run<HashLanes128, Vector128<ulong>>();
                break;
        }
    }
}
