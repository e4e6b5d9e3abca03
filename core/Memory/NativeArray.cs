using System.Runtime.CompilerServices;

namespace NeuroDb;

/// <summary>
/// Elements outside of the collector's heap, zero at first. The memory is given back when nothing
/// refers to this object any more, so whoever uses a reference into it keeps the object until he is
/// done (<see cref="GC.KeepAlive"/>).
/// </summary>
internal sealed unsafe class NativeArray<T>
    where T : unmanaged
{
    private const int PageSizeBytes = 4096;
    private readonly NativeRegion _region;
    private readonly T* _first;
    private readonly long _sizeBytes;
    private long _pressureBytes;

    /// <summary>Takes memory for elements.</summary>
    public NativeArray(int length, NativeRegion region)
    {
        _region = region;
        Length = length;
        _sizeBytes = (long)length * sizeof(T);
        _first = (T*)region.Take(_sizeBytes);
    }

    /// <summary>Gives the memory back.</summary>
    ~NativeArray()
    {
        if (_first is not null)
        {
            _region.Return((nint)_first, _sizeBytes);
        }

        if (_pressureBytes > 0)
        {
            GC.RemoveMemoryPressure(_pressureBytes);
        }
    }

    /// <summary>How many elements there are.</summary>
    public int Length { get; }

    /// <summary>The first element.</summary>
    public ref T First => ref Unsafe.AsRef<T>(_first);

    /// <summary>
    /// Has the system find all of the memory, so that who writes it first waits for none.
    /// </summary>
    public void Touch()
    {
        byte* bytes = (byte*)_first;
        for (long at = 0; at < _sizeBytes; at += PageSizeBytes)
        {
            Volatile.Write(ref bytes[at], 0);
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
}
