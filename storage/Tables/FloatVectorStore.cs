using System.Runtime.InteropServices;
using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>
/// A VECTOR(n) column of one chunk. The stride is n rounded up to 16 floats, so every row starts on
/// a 64-byte boundary.
/// </summary>
internal sealed class FloatVectorStore(DataType type) : VectorColumnStore(
    type, type.Length * sizeof(float), StrideOf(type.Length) * sizeof(float))
{
    // A column that is looked through this often is worth a copy in bytes.
    private const int ScansBeforeCopy = 3;
    private Memory<float>[] _rows = [Memory<float>.Empty];
    private long _version;
    private ScaledVectors? _scaled;
    private int _scanCount;

    /// <summary>Floats from one row to the next.</summary>
    public int Stride { get; } = StrideOf(type.Length);

    /// <inheritdoc/>
    protected override Span<byte> Bytes => MemoryMarshal.AsBytes(Rows.Span);

    // A Memory is wider than one word, so it is swapped inside a one-element array.
    private Memory<float> Rows => Volatile.Read(ref _rows)[0];

    /// <summary>
    /// A number for the rows, unlike that of any other, by which a device may keep a copy of them;
    /// to be asked for only when they do not change any more.
    /// </summary>
    public long Version
    {
        get
        {
            if (Volatile.Read(ref _version) == 0)
            {
                _ = Interlocked.CompareExchange(ref _version, BlockVersions.Take(1), 0);
            }

            return Volatile.Read(ref _version);
        }
    }

    /// <summary>The copy of the rows in bytes, if it was made.</summary>
    public ScaledVectors? Scaled => Volatile.Read(ref _scaled);

    /// <summary>
    /// Counts a scan of rows that do not change any more; whether a copy in bytes is worth it.
    /// </summary>
    public bool CountScan() => Interlocked.Increment(ref _scanCount) >= ScansBeforeCopy;

    /// <summary>Makes the copy of the rows in bytes, all of which must be final.</summary>
    public void Scale(int count)
    {
        ScaledVectors? scaled = ScaledVectors.Of(this, count);
        Volatile.Write(ref _scaled, scaled);
        if (scaled is null)
        {
            // Never again: these rows have no scale.
            Volatile.Write(ref _scanCount, int.MinValue);
        }
    }

    /// <summary>The first rows, stride by stride.</summary>
    public ReadOnlyMemory<float> RowsOf(int count) => Rows[..(count * Stride)];

    /// <summary>The elements of one row, to be read or, by the writer, filled.</summary>
    public Span<float> RowAt(int row) => Rows.Span.Slice(row * Stride, Dimension);

    /// <inheritdoc/>
    public override void Reserve(int capacity)
    {
        Memory<float> rows = Rows;
        if ((long)capacity * Stride <= rows.Length)
        {
            return;
        }

        Memory<float> grown = Allocate(capacity);
        rows.Span.CopyTo(grown.Span);
        ReserveNulls(capacity);
        Volatile.Write(ref _rows, [grown]);
    }

    /// <inheritdoc/>
    public override long Write(int row, ColumnBuffer source, int start, int count)
    {
        ReadOnlySpan<ReadOnlyMemory<float>> from =
            ((ColumnBuffer<ReadOnlyMemory<float>>)source).Values.Slice(start, count);
        ReadOnlySpan<byte> nulls = WriteNullsOf(row, source, start, count);
        for (int i = 0; i < count; i++)
        {
            bool isNull = !nulls.IsEmpty && nulls[i] != 0;
            WriteRow(row + i, isNull, MemoryMarshal.AsBytes(from[i].Span));
        }

        return (long)count * RowSizeBytes;
    }

    /// <inheritdoc/>
    public override ColumnBuffer View(int count, ILargeValues? large)
    {
        Memory<float> rows = Rows;
        var values = new ReadOnlyMemory<float>[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = rows.Slice(i * Stride, Dimension);
        }

        return new ColumnBuffer<ReadOnlyMemory<float>>(Type, values, 0, count, Nulls);
    }

    /// <inheritdoc/>
    public override Value ValueAt(int row) =>
        IsNull(row) ? Value.Null : Value.Of(MemoryAt(row));

    /// <inheritdoc/>
    public override ColumnBuffer Gather(StoreCursor stores, ReadOnlySpan<RowPlace> rows)
    {
        var values = new ReadOnlyMemory<float>[rows.Length];
        byte[]? nulls = null;
        for (int i = 0; i < rows.Length; i++)
        {
            var store = (FloatVectorStore)stores.At(rows[i]);
            int row = rows[i].Row;
            // A copy of what was read from a file, so that one row does not keep a whole chunk.
            values[i] = stores.IsResident ? store.MemoryAt(row) : store.RowAt(row).ToArray();
            if (store.IsNull(row))
            {
                nulls ??= new byte[rows.Length];
                nulls[i] = 1;
            }
        }

        return new ColumnBuffer<ReadOnlyMemory<float>>(
            Type, values, 0, rows.Length, new NullMask(nulls));
    }

    /// <inheritdoc/>
    protected override void Replace(int capacity) => _rows = [Allocate(capacity)];

    private static int StrideOf(int dimension)
    {
        const int LineLength = LineSizeBytes / sizeof(float);
        return (dimension + LineLength - 1) / LineLength * LineLength;
    }

    private Memory<float> Allocate(int capacity) =>
        LargePages.Allocate<float>(checked(capacity * Stride));

    private ReadOnlyMemory<float> MemoryAt(int row) => Rows.Slice(row * Stride, Dimension);
}
