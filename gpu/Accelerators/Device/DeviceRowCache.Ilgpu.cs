using ILGPU.Runtime;

namespace NeuroDb.Gpu;

/// <summary>
/// Blocks that stay in device memory from scan to scan: without them every scan would be bound by
/// the bus, which is slower than the processor's own memory. Keeps within a budget by dropping the
/// block that was used longest ago. The accelerator that owns it calls it from one thread at a
/// time.
/// </summary>
internal sealed class DeviceRowCache : IDisposable
{
    private readonly ILGPU.Runtime.Accelerator _device;
    private readonly long _sizeBytesMax;
    private readonly Dictionary<(long Version, int Dimension), DeviceRows> _rows = [];
    private readonly LinkedList<(long Version, int Dimension)> _order = new();
    private long _sizeBytes;

    /// <summary>Makes an empty cache that takes at most so much memory of the device.</summary>
    public DeviceRowCache(ILGPU.Runtime.Accelerator device, long sizeBytesMax)
    {
        _device = device;
        _sizeBytesMax = sizeBytesMax;
    }

    /// <summary>Blocks on the device.</summary>
    public int Count => _rows.Count;

    /// <summary>
    /// The rows of a block. Where <paramref name="isKept"/> is false the caller disposes them.
    /// </summary>
    public DeviceRows Get(
        AcceleratorStream stream, VectorBlock block, int dimension, out bool isKept)
    {
        long sizeBytes = DeviceRows.SizeBytesOf(block, dimension);
        isKept = block.Version != 0 && sizeBytes <= _sizeBytesMax;
        if (!isKept)
        {
            return new DeviceRows(_device, stream, block, dimension);
        }

        (long Version, int Dimension) key = (block.Version, dimension);
        if (_rows.TryGetValue(key, out DeviceRows? rows))
        {
            _order.Remove(key);
            _order.AddLast(key);
            return rows;
        }

        while (_sizeBytes + sizeBytes > _sizeBytesMax)
        {
            DropFirst();
        }

        rows = new DeviceRows(_device, stream, block, dimension);
        _rows.Add(key, rows);
        _order.AddLast(key);
        _sizeBytes += rows.SizeBytes;
        return rows;
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    /// <summary>Gives back all memory of the device.</summary>
    public void Clear()
    {
        while (_order.Count > 0)
        {
            DropFirst();
        }
    }

    private void DropFirst()
    {
        (long Version, int Dimension) key = _order.First!.Value;
        _order.RemoveFirst();
        _rows.Remove(key, out DeviceRows? rows);
        _sizeBytes -= rows!.SizeBytes;
        rows.Dispose();
    }
}
