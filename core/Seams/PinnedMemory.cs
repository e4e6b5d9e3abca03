using System.Runtime.CompilerServices;

namespace NeuroDb;

/// <summary>
/// Pinned memory whose first element starts on a boundary: of a page where it is large, so that it
/// can be written to a device and backed by large pages; of a cache line, for kernels, where not.
/// </summary>
internal static class PinnedMemory
{
    private const int LineSizeBytes = 64;

    /// <summary>Allocates elements; what they hold is not said.</summary>
    public static unsafe Memory<T> Allocate<T>(int count)
        where T : unmanaged
    {
        int size = sizeof(T);
        Invariant.Check(LineSizeBytes % size == 0);
        long bytes = (long)count * size;
        int alignment = bytes >= DirectFile.AlignmentBytes
            ? DirectFile.AlignmentBytes
            : LineSizeBytes;
        T[] array = GC.AllocateUninitializedArray<T>(
            checked(count + (alignment / size)), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref array[0]);
        nuint offset = ((nuint)alignment - (address % (nuint)alignment)) % (nuint)alignment;
        return new Memory<T>(array, (int)(offset / (nuint)size), count);
    }
}
