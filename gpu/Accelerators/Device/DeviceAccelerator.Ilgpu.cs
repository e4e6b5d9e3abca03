using ILGPU;
using ILGPU.Runtime;

namespace NeuroDb.Gpu;

/// <summary>
/// A device that ILGPU drives. Scans run one after another: each fills the whole device. Owns the
/// device, its context and all memory on it.
/// </summary>
internal sealed class DeviceAccelerator : Accelerator
{
    private readonly Lock _gate = new();
    private readonly Context _context;
    private readonly ILGPU.Runtime.Accelerator _device;
    private readonly AcceleratorStream _stream;
    private readonly DeviceRowCache _rows;
    private readonly DeviceScan _scan;

    /// <summary>Takes over a device and its context, and most of the device's memory.</summary>
    public DeviceAccelerator(Context context, ILGPU.Runtime.Accelerator device)
        : this(context, device, device.MemorySize / 4 * 3)
    {
    }

    /// <summary>
    /// Takes over a device and its context; rows kept on it stay within a budget.
    /// </summary>
    public DeviceAccelerator(
        Context context, ILGPU.Runtime.Accelerator device, long rowsSizeBytesMax)
    {
        _context = context;
        _device = device;
        _stream = device.CreateStream();
        _rows = new DeviceRowCache(device, rowsSizeBytesMax);
        _scan = new DeviceScan(device, _stream);
        Name = $"cuda ({device.Name}, {device.MemorySize >> 30} GiB)";
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override AcceleratorKind Kind => AcceleratorKind.Cuda;

    /// <summary>Blocks that are kept on the device.</summary>
    public int KeptBlockCount => _rows.Count;

    /// <inheritdoc/>
    public override Candidate[] Scan(
        ScanQuery query, IReadOnlyList<VectorBlock> blocks, CancellationToken cancellation)
    {
        var heap = new TopKHeap(query.K);
        lock (_gate)
        {
            for (int i = 0; i < blocks.Count && query.K > 0; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                VectorBlock block = blocks[i];
                block.Check(query.Dimension);
                if (block.Count > 0)
                {
                    TryScan(query, block, heap);
                }
            }
        }

        return query.ToResult(heap);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        lock (_gate)
        {
            _scan.Dispose();
            _rows.Dispose();
            _stream.Dispose();
            _device.Dispose();
            _context.Dispose();
        }
    }

    // What the device keeps may be too much beside what others want of it.
    private void TryScan(ScanQuery query, VectorBlock block, TopKHeap heap)
    {
        try
        {
            Scan(query, block, heap);
        }
        catch (Exception failure) when (failure is AcceleratorException or OutOfMemoryException)
        {
            _rows.Clear();
            throw new DeviceFailureException(failure.Message, failure);
        }
    }

    private void Scan(ScanQuery query, VectorBlock block, TopKHeap heap)
    {
        DeviceRows rows = _rows.Get(_stream, block, query.Dimension, out bool isKept);
        try
        {
            _scan.Run(query, block, rows, heap);
        }
        finally
        {
            if (!isKept)
            {
                rows.Dispose();
            }
        }
    }
}
