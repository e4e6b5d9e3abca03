using System.Buffers;
using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>
/// A VECTOR(n) column of one chunk: rows of a fixed stride in one pinned array whose first row
/// starts on a 64-byte boundary. The stride is n rounded up to 16 floats, so every row starts on
/// such a boundary; the padding is zero, and so is the row of a NULL. Kernels scan it in place.
/// </summary>
internal sealed class VectorColumnStore : ColumnStore
{
    private const int StrideFloats = 64 / sizeof(float);
    private readonly int _dimension;
    private Memory<float>[] _rows = [Memory<float>.Empty];

    /// <summary>Makes an empty store.</summary>
    public VectorColumnStore(DataType type)
        : base(type)
    {
        Invariant.Check(type.Kind == TypeKind.Vector && type.Length > 0);
        _dimension = type.Length;
        Stride = (_dimension + StrideFloats - 1) / StrideFloats * StrideFloats;
    }

    /// <summary>Floats from one row to the next.</summary>
    public int Stride { get; }

    /// <summary>Elements of a vector.</summary>
    public int Dimension => _dimension;

    /// <inheritdoc/>
    public override int Capacity => Rows.Length / Stride;

    // A Memory is wider than one word, so it is swapped inside a one-element array.
    private Memory<float> Rows => Volatile.Read(ref _rows)[0];

    /// <summary>The first rows, stride by stride.</summary>
    public ReadOnlyMemory<float> RowsOf(int count) => Rows[..(count * Stride)];

    /// <summary>The elements of one row, to be read or, by the writer, filled.</summary>
    public Span<float> RowAt(int row) => Rows.Span.Slice(row * Stride, _dimension);

    /// <inheritdoc/>
    public override void Reserve(int capacity)
    {
        Memory<float> rows = Rows;
        if (capacity * Stride <= rows.Length)
        {
            return;
        }

        int size = checked(capacity * Stride);
        Memory<float> grown = Allocate(size);
        rows.Span.CopyTo(grown.Span);
        ReserveNulls(capacity);
        Volatile.Write(ref _rows, [grown]);
    }

    /// <summary>
    /// The bytes of the first rows, and some behind them, to be filled from a file; what was there
    /// is gone. Only while nobody else sees the store.
    /// </summary>
    public Span<byte> Refill(int count, int extraBytes)
    {
        int size = checked((count * Stride) + ((extraBytes + sizeof(float) - 1) / sizeof(float)));
        if (Rows.Length < size)
        {
            _rows = [Allocate(size)];
        }

        return MemoryMarshal.AsBytes(Rows.Span)[..((count * Stride * sizeof(float)) + extraBytes)];
    }

    /// <summary>Sets which rows are NULL after <see cref="Refill"/>.</summary>
    public void RefillNulls(byte[]? nulls) => ReplaceNulls(nulls);

    /// <inheritdoc/>
    public override long Write(int row, ColumnBuffer source, int start, int count)
    {
        ReadOnlySpan<ReadOnlyMemory<float>> from =
            ((ColumnBuffer<ReadOnlyMemory<float>>)source).Values.Slice(start, count);
        ReadOnlySpan<byte> nulls = source.Nulls.Bytes(source.Count);
        if (!nulls.IsEmpty)
        {
            nulls = nulls.Slice(start, count);
        }

        WriteNulls(row, nulls, count);
        Span<float> rows = Rows.Span.Slice(row * Stride, count * Stride);
        for (int i = 0; i < count; i++)
        {
            Span<float> to = rows.Slice(i * Stride, Stride);
            if (!nulls.IsEmpty && nulls[i] != 0)
            {
                to.Clear();
                continue;
            }

            Invariant.Check(from[i].Length == _dimension);
            from[i].Span.CopyTo(to);
            to[_dimension..].Clear();
        }

        return (long)count * _dimension * sizeof(float);
    }

    /// <inheritdoc/>
    public override void Copy(int row, ColumnStore source, int start, int count)
    {
        var from = (VectorColumnStore)source;
        Invariant.Check(from.Stride == Stride);
        NullMask nulls = from.Nulls;
        WriteNulls(row, nulls.MayHaveNulls ? nulls.Slice(start).Bytes(count) : default, count);
        from.Rows.Span.Slice(start * Stride, count * Stride)
            .CopyTo(Rows.Span[(row * Stride)..]);
    }

    /// <inheritdoc/>
    public override ColumnBuffer View(int count, ILargeValues? large)
    {
        Memory<float> rows = Rows;
        var values = new ReadOnlyMemory<float>[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = rows.Slice(i * Stride, _dimension);
        }

        return new ColumnBuffer<ReadOnlyMemory<float>>(Type, values, 0, count, Nulls);
    }

    /// <inheritdoc/>
    public override Value ValueAt(int row) =>
        IsNull(row) ? Value.Null : Value.Of(MemoryAt(row));

    /// <inheritdoc/>
    public override ulong HashAt(int row) => throw NoKey();

    /// <inheritdoc/>
    public override ulong HashOf(Value value) => throw NoKey();

    /// <inheritdoc/>
    public override bool SameAt(int row, ColumnStore other, int otherRow) => throw NoKey();

    /// <inheritdoc/>
    public override bool SameAs(int row, Value value) => throw NoKey();

    /// <inheritdoc/>
    public override ColumnBuffer Gather(StoreCursor stores, ReadOnlySpan<RowPlace> rows)
    {
        var values = new ReadOnlyMemory<float>[rows.Length];
        byte[]? nulls = null;
        for (int i = 0; i < rows.Length; i++)
        {
            var store = (VectorColumnStore)stores.At(rows[i]);
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
    protected override void EncodeValues(IBufferWriter<byte> writer, int start, int count)
    {
        ReadOnlySpan<float> rows = Rows.Span.Slice(start * Stride, count * Stride);
        if (Stride == _dimension)
        {
            writer.WriteRaw(rows);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            writer.WriteRaw(rows.Slice(i * Stride, _dimension));
        }
    }

    /// <inheritdoc/>
    protected override void DecodeValues(RecordReader reader, int row, int count)
    {
        Span<float> rows = Rows.Span.Slice(row * Stride, count * Stride);
        for (int i = 0; i < count; i++)
        {
            Span<float> to = rows.Slice(i * Stride, Stride);
            reader.ReadRaw(to[.._dimension]);
            to[_dimension..].Clear();
        }
    }

    private static NeuroStoreException NoKey() => Invariant.Broken("a VECTOR column is no key");

    private static Memory<float> Allocate(int size)
    {
        Memory<float> memory = PinnedMemory.Allocate<float>(size);
        LargePages.Prefer(memory.Span);
        return memory;
    }

    private ReadOnlyMemory<float> MemoryAt(int row) => Rows.Slice(row * Stride, _dimension);
}
