using System.Runtime.CompilerServices;

namespace NeuroDb.Gpu;

/// <summary>
/// Managed memory that begins at a cache line and does not move: a register that is loaded from
/// two lines costs two loads, and tiles are bound by loads.
/// </summary>
internal static unsafe class AlignedMemory
{
    private const int LineBytes = 64;

    /// <summary>Zeroed memory for so many elements, whose size divides a line.</summary>
    public static Memory<T> Allocate<T>(int length)
        where T : unmanaged
    {
        T[] array = GC.AllocateArray<T>(length + (LineBytes / sizeof(T)), pinned: true);
        nint start = (nint)Unsafe.AsPointer(ref array[0]);
        int skipped = (int)((LineBytes - (start % LineBytes)) % LineBytes) / sizeof(T);
        return array.AsMemory(skipped, length);
    }

    /// <summary>A copy that begins at a cache line.</summary>
    public static Memory<T> Copy<T>(ReadOnlySpan<T> elements)
        where T : unmanaged
    {
        Memory<T> copy = Allocate<T>(elements.Length);
        elements.CopyTo(copy.Span);
        return copy;
    }
}
