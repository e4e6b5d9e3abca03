using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NeuroDb;

/// <summary>
/// Advice to the operating system that a large array is better backed by large pages: it is filled
/// once from end to end and then read the same way, so 2 MiB pages save the fault and the address
/// translation of 511 small ones out of 512. Only advice: where it is not taken nothing changes.
/// </summary>
internal static partial class LargePages
{
    private const int PageSizeBytes = 4096;
    private const int LargePageSizeBytes = 2 * 1024 * 1024;
    private const int AdviceHugePage = 14;

    /// <summary>
    /// Pinned memory that begins where a large page may, if it fills one, and is advised; what it
    /// holds is not said. The addresses before it are never touched, so they take no memory.
    /// </summary>
    public static unsafe Memory<T> Allocate<T>(int count)
        where T : unmanaged
    {
        if (!OperatingSystem.IsLinux() || (long)count * sizeof(T) < LargePageSizeBytes)
        {
            return PinnedMemory.Allocate<T>(count);
        }

        Invariant.Check(LargePageSizeBytes % sizeof(T) == 0);
        T[] array = GC.AllocateUninitializedArray<T>(
            checked(count + (LargePageSizeBytes / sizeof(T))), pinned: true);
        nint offset = -AddressOf<T>(array) & (LargePageSizeBytes - 1);
        var memory = new Memory<T>(array, (int)(offset / sizeof(T)), count);
        Prefer<T>(memory.Span);
        return memory;
    }

    /// <summary>Advises for a pinned array, before it is written; not for small ones.</summary>
    public static void Prefer<T>(ReadOnlySpan<T> pinned)
        where T : unmanaged
    {
        nint length = (nint)pinned.Length * Unsafe.SizeOf<T>();
        if (!OperatingSystem.IsLinux() || length < LargePageSizeBytes)
        {
            return;
        }

        nint start = AddressOf(pinned);
        nint first = (start + PageSizeBytes - 1) & -PageSizeBytes;
        nint end = (start + length) & -PageSizeBytes;
        _ = Advise(first, end - first, AdviceHugePage);
    }

    private static unsafe nint AddressOf<T>(ReadOnlySpan<T> pinned)
        where T : unmanaged =>
        (nint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(pinned));

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint address, nint length, int advice);
}
