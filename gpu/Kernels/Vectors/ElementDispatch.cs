using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NeuroDb.Gpu;

/// <summary>
/// The one place that knows which registers serve which element type: <see cref="float"/>,
/// <see cref="Half"/>, <see cref="sbyte"/>, and <see cref="byte"/> for eight bits each. Queries
/// have the type of the rows; rows of halves may also be asked with floats.
/// </summary>
internal static class ElementDispatch
{
    /// <summary>Runs an action with the registers for rows, query and width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TElement, TQuery, TAction>(VectorWidth width, ref TAction action)
        where TElement : unmanaged
        where TQuery : unmanaged
        where TAction : struct, IElementAction, allows ref struct
    {
        if (typeof(TElement) == typeof(float) && typeof(TQuery) == typeof(float))
        {
            RunFloats<FloatSource, FloatSource, TAction>(width, ref action);
        }
        else if (typeof(TElement) == typeof(Half) && typeof(TQuery) == typeof(float))
        {
            RunFloats<HalfSource, FloatSource, TAction>(width, ref action);
        }
        else if (typeof(TElement) == typeof(Half) && typeof(TQuery) == typeof(Half))
        {
            RunFloats<HalfSource, HalfSource, TAction>(width, ref action);
        }
        else if (typeof(TElement) == typeof(sbyte) && typeof(TQuery) == typeof(sbyte))
        {
            RunInt8(width, ref action);
        }
        else if (typeof(TElement) == typeof(byte) && typeof(TQuery) == typeof(byte))
        {
            RunBits(width, ref action);
        }
        else
        {
            throw new NotSupportedException(
                $"There is no kernel for rows of {typeof(TElement)} and queries of "
                + $"{typeof(TQuery)}; convert the query to the type of the rows.");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunFloats<TRow, TQuery, TAction>(VectorWidth width, ref TAction action)
        where TRow : struct, IFloatSource
        where TQuery : struct, IFloatSource
        where TAction : struct, IElementAction, allows ref struct
    {
        switch (width)
        {
            case VectorWidth.Bits512:
                action.Run<
                    FloatElements<TRow, TQuery, Lanes512, Vector512<float>>, Vector512<float>>();
                break;
            case VectorWidth.Bits256:
                action.Run<
                    FloatElements<TRow, TQuery, Lanes256, Vector256<float>>, Vector256<float>>();
                break;
            default:
                action.Run<
                    FloatElements<TRow, TQuery, Lanes128, Vector128<float>>, Vector128<float>>();
                break;
        }
    }

    private static void RunInt8<TAction>(VectorWidth width, ref TAction action)
        where TAction : struct, IElementAction, allows ref struct
    {
        switch (width)
        {
            case VectorWidth.Bits512:
                action.Run<Int8Lanes512, Vector512<int>>();
                break;
            case VectorWidth.Bits256:
                action.Run<Int8Lanes256, Vector256<int>>();
                break;
            default:
                action.Run<Int8Lanes128, Vector128<int>>();
                break;
        }
    }

    private static void RunBits<TAction>(VectorWidth width, ref TAction action)
        where TAction : struct, IElementAction, allows ref struct
    {
        switch (width)
        {
            case VectorWidth.Bits512:
                action.Run<BitLanes512, Vector512<ulong>>();
                break;
            case VectorWidth.Bits256:
                action.Run<BitLanes256, Vector256<ulong>>();
                break;
            default:
                action.Run<BitLanes128, Vector128<ulong>>();
                break;
        }
    }
}
