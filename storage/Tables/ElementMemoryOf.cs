using System.Buffers;
using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>Pinned bytes seen as elements of another type, which kernels read in place.</summary>
internal sealed class ElementMemory<TElement>(Memory<byte> bytes) : MemoryManager<TElement>
    where TElement : unmanaged
{
    /// <inheritdoc/>
    public override Span<TElement> GetSpan() => MemoryMarshal.Cast<byte, TElement>(bytes.Span);

    /// <inheritdoc/>
    public override unsafe MemoryHandle Pin(int elementIndex = 0)
    {
        MemoryHandle handle = bytes[(elementIndex * sizeof(TElement))..].Pin();
        return handle;
    }

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }
}
