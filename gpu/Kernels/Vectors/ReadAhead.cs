using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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

    private const int RowSizeBytesMax = 4096;

    private const int BeginningSizeBytes = DistanceBytes;

    /// <summary>
    /// Asks for the lines that stand so far ahead of the next bytes, of which there are at most
    /// four lines; the count must be a constant.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Bytes(byte* address, int count)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        byte* ahead = address + DistanceBytes;
        Sse.Prefetch0(ahead);
        if (count > LineBytes)
        {
            Sse.Prefetch0(ahead + LineBytes);
        }

        if (count > 2 * LineBytes)
        {
            Sse.Prefetch0(ahead + (2 * LineBytes));
            Sse.Prefetch0(ahead + (3 * LineBytes));
        }
    }

    /// <summary>
    /// Asks for as many lines as a block has, that stand so far ahead of it; where all blocks end
    /// for those of the bytes that will be read next.
    /// </summary>
    public static void Block(byte* block, int sizeBytes, byte* end, byte* next, int nextSizeBytes)
    {
        nint ahead = (nint)(block - end) + DistanceBytes;
        nint last = ahead + sizeBytes;
        for (; ahead < Math.Min(last, 0); ahead += LineBytes)
        {
            Line(end + ahead);
        }

        for (; ahead < Math.Min(last, nextSizeBytes); ahead += LineBytes)
        {
            Line(next + ahead);
        }
    }

    /// <summary>Asks for the lines of some bytes that begin at one.</summary>
    public static void Lines(byte* start, int sizeBytes)
    {
        for (int i = 0; i < sizeBytes; i += LineBytes)
        {
            Line(start + i);
        }
    }

    /// <summary>Asks for the first lines of a row that will be read next.</summary>
    public static void Row(byte* row)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(row);
            Sse.Prefetch0(row + LineBytes);
            Sse.Prefetch0(row + (2 * LineBytes));
            Sse.Prefetch0(row + (3 * LineBytes));
        }
    }

    /// <summary>
    /// Asks for the first lines of bytes that will be read from end to end: the processor sees
    /// only then where that goes.
    /// </summary>
    public static void Beginning(ReadOnlySpan<byte> bytes)
    {
        if (Sse.IsSupported)
        {
            byte* start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes));
            int sizeBytes = Math.Min(bytes.Length, BeginningSizeBytes);
            for (int i = 0; i < sizeBytes; i += LineBytes)
            {
                Sse.Prefetch1(start + i);
            }
        }
    }

    private static void Line(byte* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }

    /// <summary>Asks for the lines of a row, of a long one for the first.</summary>
    public static void Row(ReadOnlySpan<float> row)
    {
        if (Sse.IsSupported)
        {
            // An address that the collector changes meanwhile is only asked for in vain.
            byte* start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(row));
            int sizeBytes = Math.Min(row.Length * sizeof(float), RowSizeBytesMax);
            for (int i = 0; i < sizeBytes; i += LineBytes)
            {
                Sse.Prefetch0(start + i);
            }
        }
    }
}
