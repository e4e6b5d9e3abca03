using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>Reads what <see cref="ColumnEncoder"/> wrote.</summary>
internal static class ColumnDecoder
{
    /// <summary>Reads an extent of a column.</summary>
    /// <param name="pages">The file.</param>
    /// <param name="extent">Which extent.</param>
    /// <param name="type">The type of the column.</param>
    /// <param name="rowCount">The rows of the chunk.</param>
    /// <param name="sizeBytes">The bytes in memory, roughly.</param>
    /// <param name="spent">
    /// A store of the type that nobody reads any more, whose memory may be used again; or null.
    /// </param>
    public static ColumnStore Decode(
        SegmentPages pages, int extent, DataType type, int rowCount, out long sizeBytes,
        ColumnStore? spent = null)
    {
        if (type.IsVector && type.Length > 0)
        {
            VectorColumnStore vectors = VectorColumnStore.OfVectors(type);
            Decode(pages, extent, rowCount, vectors);
            sizeBytes = (long)rowCount * vectors.StrideBytes;
            return vectors;
        }

        using var cursor = new ExtentCursor(pages, extent);
        ExtentRecord record = pages.ExtentAt(extent);
        int maskSize = NullBits.SizeBytes(rowCount, record.NullCount);
        switch (type.Physical)
        {
            case PhysicalKind.Text:
                return DecodeVariable<string>(
                    cursor, record, type, rowCount, maskSize, out sizeBytes);
            case PhysicalKind.Blob:
                return DecodeVariable<byte[]>(
                    cursor, record, type, rowCount, maskSize, out sizeBytes);
            case PhysicalKind.Vector:
                return DecodeVariable<ReadOnlyMemory<float>>(
                    cursor, record, type, rowCount, maskSize, out sizeBytes);
            case PhysicalKind.CompactVector:
                return DecodeVariable<CompactVector>(
                    cursor, record, type, rowCount, maskSize, out sizeBytes);
            case PhysicalKind.Decimal:
                sizeBytes = (long)rowCount * WideEncoder.ValueSizeBytes;
                return DecodeFixed<decimal>(cursor, record, type, rowCount, maskSize, spent);
            case PhysicalKind.Uuid:
                sizeBytes = (long)rowCount * WideEncoder.ValueSizeBytes;
                return DecodeFixed<Guid>(cursor, record, type, rowCount, maskSize, spent);
            case PhysicalKind.Interval:
                sizeBytes = (long)rowCount * WideEncoder.ValueSizeBytes;
                return DecodeFixed<TimeInterval>(cursor, record, type, rowCount, maskSize, spent);
            case PhysicalKind.Double:
                sizeBytes = (long)rowCount * sizeof(double);
                return DecodeFixed<double>(cursor, record, type, rowCount, maskSize, spent);
            default:
                sizeBytes = (long)rowCount * sizeof(long);
                return DecodeFixed<long>(cursor, record, type, rowCount, maskSize, spent);
        }
    }

    /// <summary>Reads an extent of a column of vectors of one size into a store.</summary>
    public static void Decode(
        SegmentPages pages, int extent, int rowCount, VectorColumnStore target)
    {
        ExtentRecord record = pages.ExtentAt(extent);
        int maskSize = NullBits.SizeBytes(rowCount, record.NullCount);
        bool isRaw = SegmentFormat.IsRaw(target);
        long rowSize = isRaw ? target.StrideBytes : target.RowSizeBytes;
        bool isExpected = record.Length == (rowCount * rowSize) + maskSize
            && record.Encoding == (isRaw
                ? SegmentEncoding.RawVector
                : SegmentEncoding.PackedVector);
        if (!isExpected)
        {
            throw new CorruptionException(
                pages.Path, record.Offset, "the column data holds vectors of another size");
        }

        if (isRaw)
        {
            int rowsSize = checked((int)(rowCount * rowSize));
            int extra = (int)(pages.PaddedLengthOf(extent) - rowsSize);
            Span<byte> bytes = target.Refill(rowCount, extra);
            pages.Read(extent, bytes);
            var reader = new BlockReader(
                bytes.Slice(rowsSize, maskSize), pages.Path, record.Offset + rowsSize);
            target.RefillNulls(NullBits.Decode(ref reader, rowCount, record.NullCount));
            return;
        }

        using var cursor = new ExtentCursor(pages, extent);
        target.Refill(rowCount, 0).Clear();
        for (int row = 0; row < rowCount; row++)
        {
            cursor.CopyTo(target.BytesAt(row));
        }

        target.RefillNulls(DecodeMask(cursor, rowCount, record.NullCount, maskSize));
    }

    private static ColumnStore<T> DecodeFixed<T>(
        ExtentCursor cursor, ExtentRecord record, DataType type, int rowCount, int maskSize,
        ColumnStore? spent)
        where T : unmanaged
    {
        T[] values = (spent as ColumnStore<T>)?.ArrayOf(rowCount)
            ?? GC.AllocateUninitializedArray<T>(rowCount);
        cursor.Check(record.Length > maskSize, "no values");
        BlockReader block = cursor.TakeBlock(cursor.Remaining - maskSize);
        Span<byte> bytes = MemoryMarshal.AsBytes(values.AsSpan());
        SegmentEncoding encoding;
        if (typeof(T) == typeof(decimal))
        {
            WideDecoder.Decode(
                ref block, MemoryMarshal.Cast<byte, decimal>(bytes), out encoding);
        }
        else if (typeof(T) == typeof(Guid) || typeof(T) == typeof(TimeInterval))
        {
            WideDecoder.Decode(ref block, MemoryMarshal.Cast<byte, Guid>(bytes), out encoding);
        }
        else
        {
            IntegerDecoder.Decode(
                ref block,
                MemoryMarshal.Cast<byte, long>(bytes),
                typeof(T) == typeof(double),
                out encoding);
        }

        block.Check(block.Remaining == 0, "bytes behind the values");
        block.Check(encoding == record.Encoding, "another encoding than the directory says");
        byte[]? nulls = DecodeMask(cursor, rowCount, record.NullCount, maskSize);
        Clear(values, nulls);
        return new ColumnStore<T>(type, values, nulls);
    }

    private static ColumnStore<T> DecodeVariable<T>(
        ExtentCursor cursor,
        ExtentRecord record,
        DataType type,
        int rowCount,
        int maskSize,
        out long sizeBytes)
    {
        var values = new T[rowCount];
        sizeBytes = VariableDecoder.Decode(
            cursor, values, maskSize, out SegmentEncoding encoding);
        cursor.Check(encoding == record.Encoding, "another encoding than the directory says");
        byte[]? nulls = DecodeMask(cursor, rowCount, record.NullCount, maskSize);
        Clear(values, nulls);
        if (values is CompactVector[] vectors)
        {
            cursor.Check(
                Array.TrueForAll(vectors, vector => vector.Fits(type.Kind)),
                "vectors of another type");
        }

        return new ColumnStore<T>(type, values, nulls);
    }

    private static byte[]? DecodeMask(
        ExtentCursor cursor, int rowCount, int nullCount, int maskSize)
    {
        BlockReader block = cursor.TakeBlock(maskSize);
        byte[]? nulls = NullBits.Decode(ref block, rowCount, nullCount);
        cursor.Check(cursor.Remaining == 0, "bytes behind the last one");
        return nulls;
    }

    private static void Clear<T>(T[] values, byte[]? nulls)
    {
        if (nulls is not null)
        {
            for (int i = 0; i < values.Length; i++)
            {
                if (nulls[i] != 0)
                {
                    values[i] = default!;
                }
            }
        }
    }
}
