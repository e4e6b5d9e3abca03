using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace NeuroDb.Gpu;

/// <summary>
/// Software prefetch for loops that read memory in order. Arithmetic fills the processor's window
/// of pending instructions, so that fewer loads are in flight than in a bare read; asking for the
/// lines early gives the difference back. Loops that jump from row to row must not use it.
/// </summary>
internal static unsafe class ReadAhead
{
    /// <summary>
    /// How far ahead lines are asked for. From 4 to 16 KiB measure alike, less gains nothing.
    /// </summary>
    private const int DistanceBytes = 8 * 1024;

    private const int LineBytes = 64;
    private const int LineFloats = LineBytes / sizeof(float);

    /// <summary>Asks for the lines that stand ahead of four registers at the address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FourRegisters<TLanes, TVector>(float* address)
        where TLanes : struct, ILanes<TVector>
        where TVector : struct
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        float* ahead = address + (DistanceBytes / sizeof(float));
        Sse.Prefetch0(ahead);
        if (TLanes.Count >= 8)
        {
            Sse.Prefetch0(ahead + LineFloats);
        }

        if (TLanes.Count >= 16)
        {
            Sse.Prefetch0(ahead + (2 * LineFloats));
            Sse.Prefetch0(ahead + (3 * LineFloats));
        }
    }

    /// <summary>Asks for the first lines of a row that will be read next.</summary>
    public static void Row(float* row)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(row);
            Sse.Prefetch0(row + LineFloats);
            Sse.Prefetch0(row + (2 * LineFloats));
            Sse.Prefetch0(row + (3 * LineFloats));
        }
    }
}
