using System.Runtime.CompilerServices;

namespace NeuroDb.Bench;

/// <summary>An array that begins at a cache line, reached without a check.</summary>
internal sealed unsafe class PinnedArray<T>
    where T : unmanaged
{
    private readonly Memory<T> _memory;
    private readonly T* _first;

    /// <summary>Makes an array of zeros.</summary>
    public PinnedArray(int length)
    {
        _memory = PinnedMemory.Allocate<T>(length);

        // Before the first write: pages that are there stay small.
        LargePages.Prefer<T>(_memory.Span);
        _memory.Span.Clear();
        _first = (T*)Unsafe.AsPointer(ref _memory.Span[0]);
        Length = length;
    }

    /// <summary>The elements.</summary>
    public int Length { get; }

    /// <summary>An element.</summary>
    public ref T this[nint at] => ref Unsafe.AsRef<T>(_first + at);

    /// <summary>All elements.</summary>
    public Span<T> Span => new(_first, Length);
}
