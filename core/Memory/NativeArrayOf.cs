using System.Runtime.CompilerServices;

namespace NeuroDb;

/// <summary>
/// Elements outside of the collector's heap, zero at first. The memory is given back when nothing
/// refers to this object any more, so whoever uses a reference into it keeps the object until he is
/// done (<see cref="GC.KeepAlive"/>); or at once, by who alone has it.
/// </summary>
internal sealed unsafe class NativeArray<T>
{
    private const int PageSizeBytes = 4096;
    private readonly NativeRegion _region;
    private byte* _first;
    private readonly long _sizeBytes;
    private long _pressureBytes;

    /// <summary>Takes memory for elements.</summary>
    public NativeArray(int length, NativeRegion region)
    {
        Invariant.Check(!RuntimeHelpers.IsReferenceOrContainsReferences<T>());
        _region = region;
        Length = length;
        _sizeBytes = (long)length * Unsafe.SizeOf<T>();
        _first = (byte*)region.Take(_sizeBytes);
    }

    /// <summary>Gives the memory back.</summary>
    ~NativeArray() => Free();

    /// <summary>How many elements there are; none behind the end.</summary>
    public int Length { get; private set; }

    /// <summary>The first element.</summary>
    public ref T First => ref Unsafe.AsRef<T>(_first);

    /// <summary>All elements.</summary>
    public Span<T> Span => new(_first, Length);

    /// <summary>
    /// Has the system find all of the memory, so that who writes it first waits for none.
    /// </summary>
    public void Touch()
    {
        for (long at = 0; at < _sizeBytes; at += PageSizeBytes)
        {
            Volatile.Write(ref _first[at], 0);
        }

        GC.KeepAlive(this);
    }

    /// <summary>
    /// Tells the collector, once, that this memory waits for it: that nobody needs it but those who
    /// still read.
    /// </summary>
    public void Retire()
    {
        if (Interlocked.CompareExchange(ref _pressureBytes, _sizeBytes, 0) == 0)
        {
            GC.AddMemoryPressure(_sizeBytes);
        }
    }

    /// <summary>Gives the memory back at once; nobody else has a reference into it.</summary>
    public void Free()
    {
        nint memory = (nint)_first;
        _first = null;
        Length = 0;
        if (memory != 0)
        {
            _region.Return(memory, _sizeBytes);
        }

        if (_pressureBytes > 0)
        {
            GC.RemoveMemoryPressure(_pressureBytes);
            _pressureBytes = 0;
        }
    }
}
