using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace NeuroDb.Gpu;

/// <summary>Asks for lines of memory before they are needed.</summary>
internal static unsafe class CacheLines
{
    /// <summary>64-bit keys in a line.</summary>
    public const int KeyCount = 8;

    /// <summary>Asks for the line of an element; it need not be in the array.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch<T>(ref readonly T element)
        where T : unmanaged
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in element)));
        }
    }

    /// <summary>Asks for the first line of an object, which may be null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PrefetchObject(object? value)
    {
        if (Sse.IsSupported)
        {
            // An address that the collector has just made stale is asked for in vain, no more.
            Sse.Prefetch0((void*)Unsafe.As<object?, nint>(ref value));
        }
    }
}
