using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>Runs work over floats with the registers of a width.</summary>
internal static class FloatDispatch
{
    /// <summary>Runs an action with the registers of the width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TAction>(VectorWidth width, ref TAction action)
        where TAction : struct, IFloatAction, allows ref struct
    {
        switch (width)
        {
            case VectorWidth.Bits512:
                action.Run<Lanes512, Vector512<float>>();
                break;
            case VectorWidth.Bits256:
                action.Run<Lanes256, Vector256<float>>();
                break;
            default:
                action.Run<Lanes128, Vector128<float>>();
                break;
        }
    }
}
