using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;

namespace NeuroDb.Gpu;

/// <summary>
/// Rows of one <see cref="VectorBlock"/> in device memory: padded with zeros to whole
/// <see cref="Float4"/>, without gaps. Owned by a <see cref="DeviceRowCache"/>, or by one scan
/// where the block has no version.
/// </summary>
internal sealed class DeviceRows : IDisposable
{
    private const int StagingLengthMax = 1 << 20;

    private readonly MemoryBuffer1D<Float4, Stride1D.Dense> _buffer;

    /// <summary>Sends the rows of a block to the device; returns when they are there.</summary>
    public DeviceRows(
        ILGPU.Runtime.Accelerator device,
        AcceleratorStream stream,
        VectorBlock block,
        int dimension)
    {
        RowLength = Pad(dimension);
        _buffer = device.Allocate1D<Float4>(LengthOf(block, dimension));
        bool isSent = false;
        try
        {
            Send(stream, block, dimension);
            isSent = true;
        }
        finally
        {
            if (!isSent)
            {
                _buffer.Dispose();
            }
        }
    }

    /// <summary>Length of a row in <see cref="Float4"/>.</summary>
    public int RowLength { get; }

    /// <summary>The rows.</summary>
    public ArrayView<Float4> View => _buffer.AsContiguous();

    /// <summary>Device memory that the rows take.</summary>
    public long SizeBytes => _buffer.LengthInBytes;

    /// <summary>Device memory that the rows of a block will take.</summary>
    public static long SizeBytesOf(VectorBlock block, int dimension) =>
        LengthOf(block, dimension) * Marshal.SizeOf<Float4>();

    /// <summary>How many <see cref="Float4"/> hold so many floats.</summary>
    public static int Pad(int dimension) => (dimension + Float4.Count - 1) / Float4.Count;

    /// <summary>
    /// Copies floats into <see cref="Float4"/> that are zero, as padding must stay.
    /// </summary>
    public static void Pack(ReadOnlySpan<float> from, Span<Float4> to) =>
        from.CopyTo(MemoryMarshal.Cast<Float4, float>(to));

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();

    private void Send(AcceleratorStream stream, VectorBlock block, int dimension)
    {
        int rowsAtOnce = Math.Max(1, StagingLengthMax / Math.Max(1, RowLength));
        var staging = new Float4[Math.Min(rowsAtOnce, block.Count) * RowLength];
        for (int begin = 0; begin < block.Count; begin += rowsAtOnce)
        {
            int count = Math.Min(rowsAtOnce, block.Count - begin);
            for (int i = 0; i < count; i++)
            {
                Pack(Row(block, begin + i, dimension), staging.AsSpan(i * RowLength, RowLength));
            }

            View.SubView((long)begin * RowLength, (long)count * RowLength)
                .CopyFromCPU(stream, (ReadOnlySpan<Float4>)staging.AsSpan(0, count * RowLength));
        }
    }

    private static long LengthOf(VectorBlock block, int dimension) =>
        Math.Max(1, (long)block.Count * Pad(dimension));

    private static ReadOnlySpan<float> Row(VectorBlock block, int row, int dimension) =>
        block.Rows.Span.Slice(checked(row * block.Stride), dimension);
}
