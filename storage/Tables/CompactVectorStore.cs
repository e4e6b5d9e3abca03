using System.Runtime.CompilerServices;

namespace NeuroDb.Storage;

/// <summary>A HALFVEC(n), INT8VEC(n) or BITVEC(n) column of one chunk.</summary>
internal sealed class CompactVectorStore(DataType type) : VectorColumnStore(
    type,
    CompactVector.SizeBytesOf(type.Kind, type.Length),
    CompactStrideOf(CompactVector.SizeBytesOf(type.Kind, type.Length)))
{
    private Memory<byte>[] _rows = [Memory<byte>.Empty];

    /// <inheritdoc/>
    protected override Span<byte> Bytes => Rows.Span;

    // A Memory is wider than one word, so it is swapped inside a one-element array.
    private Memory<byte> Rows => Volatile.Read(ref _rows)[0];

    /// <summary>The first rows, stride by stride.</summary>
    public ReadOnlyMemory<byte> RowsOf(int count) => Rows[..(count * StrideBytes)];

    /// <summary>The first rows as elements of the type that kernels read.</summary>
    public ReadOnlyMemory<TElement> RowsOf<TElement>(int count)
        where TElement : unmanaged
    {
        Memory<byte> bytes = Rows[..(count * StrideBytes)];
        if (typeof(TElement) == typeof(byte))
        {
            return Unsafe.As<Memory<byte>, Memory<TElement>>(ref bytes);
        }

        return new ElementMemory<TElement>(bytes).Memory;
    }

    /// <inheritdoc/>
    public override void Reserve(int capacity)
    {
        Memory<byte> rows = Rows;
        if ((long)capacity * StrideBytes <= rows.Length)
        {
            return;
        }

        Memory<byte> grown = Allocate(capacity);
        rows.Span.CopyTo(grown.Span);
        ReserveNulls(capacity);
        Volatile.Write(ref _rows, [grown]);
    }

    /// <inheritdoc/>
    public override long Write(int row, ColumnBuffer source, int start, int count)
    {
        ReadOnlySpan<CompactVector> from =
            ((ColumnBuffer<CompactVector>)source).Values.Slice(start, count);
        ReadOnlySpan<byte> nulls = WriteNullsOf(row, source, start, count);
        for (int i = 0; i < count; i++)
        {
            bool isNull = !nulls.IsEmpty && nulls[i] != 0;
            Invariant.Check(isNull || from[i].Dimension == Dimension);
            WriteRow(row + i, isNull, from[i].Bytes.Span);
        }

        return (long)count * RowSizeBytes;
    }

    /// <inheritdoc/>
    public override ColumnBuffer View(int count, ILargeValues? large)
    {
        Memory<byte> rows = Rows;
        var values = new CompactVector[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = new(rows.Slice(i * StrideBytes, RowSizeBytes), Dimension);
        }

        return new ColumnBuffer<CompactVector>(Type, values, 0, count, Nulls);
    }

    /// <inheritdoc/>
    public override Value ValueAt(int row) =>
        IsNull(row) ? Value.Null : Value.Of(Type.Kind, VectorAt(row));

    /// <inheritdoc/>
    public override ColumnBuffer Gather(StoreCursor stores, ReadOnlySpan<RowPlace> rows)
    {
        var values = new CompactVector[rows.Length];
        byte[]? nulls = null;
        for (int i = 0; i < rows.Length; i++)
        {
            var store = (CompactVectorStore)stores.At(rows[i]);
            CompactVector vector = store.VectorAt(rows[i].Row);
            // A copy of what was read from a file, so that one row does not keep a whole chunk.
            values[i] = stores.IsResident ? vector : vector.Copy();
            if (store.IsNull(rows[i].Row))
            {
                nulls ??= new byte[rows.Length];
                nulls[i] = 1;
            }
        }

        return new ColumnBuffer<CompactVector>(
            Type, values, 0, rows.Length, new NullMask(nulls));
    }

    /// <inheritdoc/>
    protected override void Replace(int capacity) => _rows = [Allocate(capacity)];

    private Memory<byte> Allocate(int capacity) =>
        LargePages.Allocate<byte>(checked(capacity * StrideBytes));

    private CompactVector VectorAt(int row) =>
        new(Rows.Slice(row * StrideBytes, RowSizeBytes), Dimension);
}
