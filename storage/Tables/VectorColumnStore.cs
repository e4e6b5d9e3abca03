using System.Buffers;

namespace NeuroDb.Storage;

/// <summary>
/// A column of vectors of one dimension in one chunk: rows of a fixed stride in one pinned array
/// whose first row starts on a 64-byte boundary. The padding is zero, and so is the row of a NULL.
/// Kernels scan it in place.
/// </summary>
internal abstract class VectorColumnStore : ColumnStore
{
    /// <summary>The bytes of a cache line, where the first row starts.</summary>
    protected const int LineSizeBytes = 64;

    private const int UnitSizeBytes = 16;

    /// <summary>Makes an empty store.</summary>
    protected VectorColumnStore(DataType type, int rowSizeBytes, int strideBytes)
        : base(type)
    {
        Invariant.Check(type.IsVector && type.Length > 0);
        Invariant.Check(rowSizeBytes > 0 && strideBytes >= rowSizeBytes);
        RowSizeBytes = rowSizeBytes;
        StrideBytes = strideBytes;
    }

    /// <summary>Elements of a vector.</summary>
    public int Dimension => Type.Length;

    /// <summary>The bytes of the elements of a vector.</summary>
    public int RowSizeBytes { get; }

    /// <summary>The bytes from one row to the next.</summary>
    public int StrideBytes { get; }

    /// <inheritdoc/>
    public override int Capacity => Bytes.Length / StrideBytes;

    /// <summary>All rows that have room.</summary>
    protected abstract Span<byte> Bytes { get; }

    /// <summary>Makes an empty store for vectors of a fixed dimension.</summary>
    public static VectorColumnStore OfVectors(DataType type) => type.Kind == TypeKind.Vector
        ? new FloatVectorStore(type)
        : new CompactVectorStore(type);

    /// <summary>
    /// The bytes from row to row for rows of that size: whole cache lines where that costs at most
    /// an eighth, otherwise as little padding as keeps small rows from crossing a line.
    /// </summary>
    public static int CompactStrideOf(int rowSizeBytes)
    {
        if (rowSizeBytes <= UnitSizeBytes)
        {
            int size = 1;
            while (size < rowSizeBytes)
            {
                size *= 2;
            }

            return size;
        }

        int lines = (rowSizeBytes + LineSizeBytes - 1) / LineSizeBytes * LineSizeBytes;
        return (long)lines * 8 <= (long)rowSizeBytes * 9
            ? lines
            : (rowSizeBytes + UnitSizeBytes - 1) / UnitSizeBytes * UnitSizeBytes;
    }

    /// <summary>The elements of one row, to be read or, by the writer, filled.</summary>
    public Span<byte> BytesAt(int row) => Bytes.Slice(row * StrideBytes, RowSizeBytes);

    /// <summary>
    /// The bytes of the first rows, and some behind them, to be filled from a file; what was there
    /// is gone. Only while nobody else sees the store.
    /// </summary>
    public Span<byte> Refill(int count, int extraBytes)
    {
        int size = checked((count * StrideBytes) + extraBytes);
        if (Bytes.Length < size)
        {
            Replace((size + StrideBytes - 1) / StrideBytes);
        }

        return Bytes[..size];
    }

    /// <summary>Sets which rows are NULL after <see cref="Refill"/>.</summary>
    public void RefillNulls(byte[]? nulls) => ReplaceNulls(nulls);

    /// <inheritdoc/>
    public override void Copy(int row, ColumnStore source, int start, int count)
    {
        var from = (VectorColumnStore)source;
        Invariant.Check(from.StrideBytes == StrideBytes && from.RowSizeBytes == RowSizeBytes);
        NullMask nulls = from.Nulls;
        WriteNulls(row, nulls.MayHaveNulls ? nulls.Slice(start).Bytes(count) : default, count);
        from.Bytes.Slice(start * StrideBytes, count * StrideBytes)
            .CopyTo(Bytes[(row * StrideBytes)..]);
    }

    /// <inheritdoc/>
    public override ulong HashAt(int row) => throw NoKey();

    /// <inheritdoc/>
    public override ulong HashOf(Value value) => throw NoKey();

    /// <inheritdoc/>
    public override bool SameAt(int row, ColumnStore other, int otherRow) => throw NoKey();

    /// <inheritdoc/>
    public override bool SameAs(int row, Value value) => throw NoKey();

    /// <inheritdoc/>
    protected override void EncodeValues(IBufferWriter<byte> writer, int start, int count)
    {
        if (StrideBytes == RowSizeBytes)
        {
            writer.WriteRaw<byte>(Bytes.Slice(start * StrideBytes, count * StrideBytes));
            return;
        }

        for (int i = 0; i < count; i++)
        {
            writer.WriteRaw<byte>(BytesAt(start + i));
        }
    }

    /// <inheritdoc/>
    protected override void DecodeValues(RecordReader reader, int row, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Span<byte> to = Bytes.Slice((row + i) * StrideBytes, StrideBytes);
            reader.Read(to[..RowSizeBytes]);
            to[RowSizeBytes..].Clear();
        }
    }

    /// <summary>Puts memory for that many rows in the place of what is there.</summary>
    protected abstract void Replace(int capacity);

    /// <summary>Writes the masks of rows of a buffer; gives those of the rows, or none.</summary>
    protected ReadOnlySpan<byte> WriteNullsOf(int row, ColumnBuffer source, int start, int count)
    {
        ReadOnlySpan<byte> nulls = source.Nulls.Bytes(source.Count);
        if (!nulls.IsEmpty)
        {
            nulls = nulls.Slice(start, count);
        }

        WriteNulls(row, nulls, count);
        return nulls;
    }

    /// <summary>Writes the elements of a row, or zeros for NULL, and the padding.</summary>
    protected void WriteRow(int row, bool isNull, ReadOnlySpan<byte> elements)
    {
        Span<byte> to = Bytes.Slice(row * StrideBytes, StrideBytes);
        if (isNull)
        {
            to.Clear();
            return;
        }

        Invariant.Check(elements.Length == RowSizeBytes);
        elements.CopyTo(to);
        to[RowSizeBytes..].Clear();
    }

    private static NeuroStoreException NoKey() => Invariant.Broken("a vector column is no key");
}
