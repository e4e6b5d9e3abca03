namespace NeuroDb.Gpu;

/// <summary>
/// Managed memory that begins at a cache line and does not move: a register that is loaded from
/// two lines costs two loads, and tiles are bound by loads.
/// </summary>
internal static class AlignedMemory
{
    /// <summary>
    /// Zeroed memory for so many elements, whose size divides a line; of large pages where it is
    /// large, which has to be said before it is first written.
    /// </summary>
    public static Memory<T> Allocate<T>(int length)
        where T : unmanaged
    {
        Memory<T> memory = LargePages.Allocate<T>(length);
        memory.Span.Clear();
        return memory;
    }

    /// <summary>A copy that begins at a cache line.</summary>
    public static Memory<T> Copy<T>(ReadOnlySpan<T> elements)
        where T : unmanaged
    {
        Memory<T> copy = Allocate<T>(elements.Length);
        elements.CopyTo(copy.Span);
        return copy;
    }
}
