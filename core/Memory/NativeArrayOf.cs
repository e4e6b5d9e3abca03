using System.Runtime.CompilerServices;

namespace NeuroDb;

/// <summary>
/// Elements outside of the collector's heap, zero at first. Whoever has the array gives the memory
/// back when nobody reads it any more; behind that there are no elements, so that who comes too
/// late finds none instead of those of others. What was lent is given back when nothing refers to
/// this object any more, and so is what somebody forgot: so who uses a reference into it keeps the
/// object until he is done (<see cref="GC.KeepAlive"/>).
/// </summary>
internal sealed unsafe class NativeArray<T> : INativeMemory
{
    private const int PageSizeBytes = 4096;
    private readonly long _sizeBytes;
    private NativePiece? _piece;
    private nint _first;
    private bool _isLent;

    /// <summary>Takes memory for elements.</summary>
    public NativeArray(int length, NativeRegion region)
    {
        Invariant.Check(!RuntimeHelpers.IsReferenceOrContainsReferences<T>());
        Length = length;
        _sizeBytes = (long)length * Unsafe.SizeOf<T>();
        _piece = NativePiece.Take(region, _sizeBytes);
        _first = _piece.First;
    }

    /// <summary>How many elements there are; none behind the end.</summary>
    public int Length { get; private set; }

    /// <summary>The first element.</summary>
    public ref T First
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            nint first = _first;
            Invariant.Check(first != 0, "memory is read before it is given back");
            return ref Unsafe.AsRef<T>((void*)first);
        }
    }

    /// <inheritdoc/>
    public long SizeBytes => (long)Length * Unsafe.SizeOf<T>();

    /// <summary>All elements.</summary>
    public Span<T> Span => new((void*)_first, Length);

    /// <summary>
    /// Has the system find all of the memory, so that who writes it first waits for none.
    /// </summary>
    public void Touch()
    {
        byte* first = (byte*)_first;
        for (long at = 0; at < _sizeBytes; at += PageSizeBytes)
        {
            Volatile.Write(ref first[at], 0);
        }

        GC.KeepAlive(this);
    }

    /// <summary>
    /// Says that somebody reads the memory for as long as he likes, who keeps this object: then the
    /// collector gives it back.
    /// </summary>
    public void Lend()
    {
        Invariant.Check(_first != 0, "memory is lent before it is given back");
        Volatile.Write(ref _isLent, true);
    }

    /// <inheritdoc/>
    public void Release()
    {
        if (!Volatile.Read(ref _isLent))
        {
            Free();
        }
        else
        {
            _piece?.Wait();
        }
    }

    /// <summary>Gives the memory back at once; nobody else has a reference into it.</summary>
    public void Free()
    {
        Length = 0;
        _first = 0;
        Interlocked.Exchange(ref _piece, null)?.Return();
    }
}
