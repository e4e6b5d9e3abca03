namespace NeuroDb;

/// <summary>
/// Elements that grow in number: few of them in the collector's heap, many outside of it, so that
/// they bring no collection about. Whoever has it frees it, and keeps it until he is done with its
/// elements.
/// </summary>
internal sealed class GrowingArray<T> : IDisposable
    where T : unmanaged
{
    private FlatArray<T> _elements = new([]);

    /// <summary>How many elements there is room for.</summary>
    public int Length => _elements.Length;

    /// <summary>All of them.</summary>
    public Span<T> Span => _elements.Span;

    /// <summary>Makes room for more elements than there are; the first ones are kept.</summary>
    public void Grow(int length)
    {
        Invariant.Check(length > Length);
        var grown = new FlatArray<T>(length, isReleased: true);
        Span.CopyTo(grown.Span);
        _elements.Release();
        _elements = grown;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _elements.Release();
        _elements = new FlatArray<T>([]);
    }
}
