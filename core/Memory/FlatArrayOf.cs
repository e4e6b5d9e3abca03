using System.Runtime.CompilerServices;

namespace NeuroDb;

/// <summary>
/// Elements that lie in the collector's heap or, if they are many and somebody gives them back,
/// outside of it, where they bring no collection about. Who uses a span keeps the array until he is
/// done.
/// </summary>
internal sealed class FlatArray<T> : INativeMemory
    where T : unmanaged
{
    private const int NativeSizeBytesMin = 1 << 13;
    private const int LargePagesSizeBytesMin = 1 << 21;
    private readonly T[] _few = [];
    private readonly NativeArray<T>? _many;

    /// <summary>Takes elements that the collector owns.</summary>
    public FlatArray(T[] elements) => _few = elements;

    /// <summary>Makes elements, zero at first.</summary>
    /// <param name="length">How many.</param>
    /// <param name="isReleased">Whether somebody gives them back.</param>
    public FlatArray(int length, bool isReleased)
    {
        long sizeBytes = (long)length * Unsafe.SizeOf<T>();
        if (isReleased && sizeBytes >= NativeSizeBytesMin)
        {
            _many = new NativeArray<T>(
                length,
                sizeBytes >= LargePagesSizeBytesMin
                    ? NativeRegion.InLargePages
                    : NativeRegion.InSmallPages);
        }
        else
        {
            _few = new T[length];
        }
    }

    /// <summary>How many elements there are.</summary>
    public int Length => _many?.Length ?? _few.Length;

    /// <inheritdoc/>
    public long SizeBytes => (long)Length * Unsafe.SizeOf<T>();

    /// <summary>All of them.</summary>
    public Span<T> Span => _many is null ? _few : _many.Span;

    /// <summary>One of them.</summary>
    public T this[int index]
    {
        get
        {
            T element = Span[index];
            GC.KeepAlive(this);
            return element;
        }
    }

    /// <summary>One array for each column.</summary>
    public static FlatArray<T>[] Columns(int count, int length, bool isReleased)
    {
        var columns = new FlatArray<T>[count];
        for (int i = 0; i < count; i++)
        {
            columns[i] = new FlatArray<T>(length, isReleased);
        }

        return columns;
    }

    /// <summary>Leaves the memory to the collector: nobody counts who reads.</summary>
    public void Lend() => _many?.Lend();

    /// <inheritdoc/>
    public void Release() => _many?.Release();
}
