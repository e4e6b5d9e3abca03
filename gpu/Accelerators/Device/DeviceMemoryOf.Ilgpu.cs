using ILGPU;
using ILGPU.Runtime;

namespace NeuroDb.Gpu;

/// <summary>Device memory that grows when more is asked for and is used again otherwise.</summary>
internal sealed class DeviceMemory<T> : IDisposable
    where T : unmanaged
{
    private readonly ILGPU.Runtime.Accelerator _device;
    private readonly AcceleratorStream _stream;
    private MemoryBuffer1D<T, Stride1D.Dense> _buffer;

    /// <summary>Takes the least memory of the device.</summary>
    public DeviceMemory(ILGPU.Runtime.Accelerator device, AcceleratorStream stream)
    {
        _device = device;
        _stream = stream;
        _buffer = device.Allocate1D<T>(1);
    }

    /// <summary>So many elements; what they hold is kept unless the memory has to grow.</summary>
    public ArrayView<T> Take(long length)
    {
        if (length > _buffer.Length)
        {
            _stream.Synchronize();
            _buffer.Dispose();
            _buffer = _device.Allocate1D<T>(length);
        }

        return _buffer.AsContiguous().SubView(0, length);
    }

    /// <summary>
    /// Sends elements to the beginning of the memory; returns when they are there.
    /// </summary>
    public void Upload(ReadOnlySpan<T> items)
    {
        if (!items.IsEmpty)
        {
            Take(items.Length).CopyFromCPU(_stream, items);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();
}
