namespace NeuroDb;

/// <summary>
/// Elements that grow in number: few of them in the collector's heap, many outside of it, so that
/// they bring no collection about. Whoever has it frees it, and keeps it until he is done with its
/// elements.
/// </summary>
internal sealed class GrowingArray<T> : IDisposable
    where T : unmanaged
{
    private const int HeapCountMax = 4096;
    private T[] _few = [];
    private NativeArray<T>? _many;

    /// <summary>How many elements there is room for.</summary>
    public int Length => _many?.Length ?? _few.Length;

    /// <summary>All of them.</summary>
    public Span<T> Span => _many is null ? _few : _many.Span;

    /// <summary>Makes room for more elements than there are; the first ones are kept.</summary>
    public void Grow(int length)
    {
        Invariant.Check(length > Length);
        if (length <= HeapCountMax)
        {
            Array.Resize(ref _few, length);
            return;
        }

        var grown = new NativeArray<T>(length, NativeRegion.InSmallPages);
        Span.CopyTo(grown.Span);
        _many?.Free();
        _many = grown;
        _few = [];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _many?.Free();
        _many = null;
        _few = [];
    }
}
