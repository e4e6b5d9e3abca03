using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>
/// Writes rows of one column as an extent: the values in the smallest encoding, then the NULL
/// mask. In the place of a NULL the encodings see the value before it, which costs the least; it
/// is not part of the content. Not safe for several threads.
/// </summary>
internal sealed class ColumnEncoder(SegmentPageWriter pages, ZoneWriter zones) : IDisposable
{
    private readonly EncodingScratch _scratch = EncodingScratch.Take();

    private IntegerEncoder Integers => _scratch.Integers;

    private WideEncoder Wide => _scratch.Wide;

    private VariableEncoder Variable => _scratch.Variable;

    private long[] Numbers => _scratch.Numbers;

    private decimal[] Decimals => _scratch.Decimals;

    private Guid[] Uuids => _scratch.Uuids;

    private byte[] Block => _scratch.Block;

    /// <summary>Writes rows of a column.</summary>
    /// <returns>The extent, as it goes into the directory.</returns>
    public ExtentRecord Write(ColumnStore column, int start, int count)
    {
        Invariant.Check(count is > 0 and <= Limits.ChunkRowCount);
        ReadOnlySpan<byte> mask =
            column.Nulls.MayHaveNulls ? column.Nulls.Slice(start).Bytes(count) : default;
        int nullCount = NullBits.Count(mask);
        mask = nullCount == 0 ? default : mask;
        int zoneOffset = zones.Position;
        ZoneKind zone = ZoneKind.None;
        bool isRawVector = column is VectorColumnStore vectors && SegmentFormat.IsRaw(vectors);
        long offset = pages.Begin(isRawVector);
        SegmentEncoding encoding = column switch
        {
            ColumnStore<long> c => WriteNumbers(c.Values.Slice(start, count), mask, out zone),
            ColumnStore<double> c => WriteDoubles(c.Values.Slice(start, count), mask, out zone),
            ColumnStore<decimal> c => WriteDecimals(c.Values.Slice(start, count), mask, out zone),
            ColumnStore<Guid> c => WriteUuids(c.Values.Slice(start, count), mask, out zone),
            ColumnStore<TimeInterval> c => WriteIntervals(c.Values.Slice(start, count), mask),
            ColumnStore<string> c => WriteTexts(c, start, count, out zone),
            ColumnStore<byte[]> c => Variable.Encode(c, start, count, Integers, pages),
            ColumnStore<ReadOnlyMemory<float>> c =>
                Variable.Encode(c, start, count, Integers, pages),
            ColumnStore<CompactVector> c => Variable.Encode(c, start, count, Integers, pages),
            VectorColumnStore c => WriteVectors(c, start, count),
            _ => throw Invariant.Broken("a known kind of column"),
        };
        WriteMask(mask, count, nullCount);
        return new ExtentRecord(
            offset,
            pages.End(),
            encoding,
            zone,
            0,
            nullCount,
            zoneOffset,
            zones.Position - zoneOffset);
    }

    /// <summary>Writes numbers that belong to no column as an extent.</summary>
    public ExtentRecord WriteNumbers(ReadOnlySpan<long> numbers)
    {
        long offset = pages.Begin(isRawVector: false);
        int size = Integers.Encode(numbers, Block, false, out SegmentEncoding encoding);
        pages.Write(Block.AsSpan(0, size));
        return new ExtentRecord(
            offset, pages.End(), encoding, ZoneKind.None, 0, 0, zones.Position, 0);
    }

    /// <summary>Writes the codes of a piece of a key run, then the ordinals of the rows.</summary>
    public ExtentRecord WritePiece(ReadOnlySpan<long> codes, ReadOnlySpan<long> ordinals)
    {
        long offset = pages.Begin(isRawVector: false);
        int size = Integers.Encode(codes, Block, false, out SegmentEncoding encoding);
        pages.Write(Block.AsSpan(0, size));
        size = Integers.Encode(ordinals, Block);
        pages.Write(Block.AsSpan(0, size));
        return new ExtentRecord(
            offset, pages.End(), encoding, ZoneKind.None, 0, 0, zones.Position, 0);
    }

    /// <inheritdoc/>
    public void Dispose() => _scratch.Return();

    // A store may hold anything in the place of a NULL; the values before stand there instead, and
    // in front of the first one, the first one.
    private static ReadOnlySpan<T> Fill<T>(
        ReadOnlySpan<T> values, ReadOnlySpan<byte> mask, Span<T> scratch)
    {
        if (mask.IsEmpty)
        {
            return values;
        }

        int first = mask.IndexOf((byte)0);
        T last = first < 0 ? default! : values[first];
        for (int i = 0; i < values.Length; i++)
        {
            last = mask[i] == 0 ? values[i] : last;
            scratch[i] = last;
        }

        return scratch[..values.Length];
    }

    private SegmentEncoding WriteNumbers(
        ReadOnlySpan<long> values, ReadOnlySpan<byte> mask, out ZoneKind zone)
    {
        values = Fill(values, mask, Numbers);
        int size = Integers.Encode(values, Block, false, out SegmentEncoding encoding);
        pages.Write(Block.AsSpan(0, size));
        zone = zones.Write(values, IsAllNull(mask));
        return encoding;
    }

    private SegmentEncoding WriteDoubles(
        ReadOnlySpan<double> values, ReadOnlySpan<byte> mask, out ZoneKind zone)
    {
        values = Fill(values, mask, MemoryMarshal.Cast<long, double>(Numbers.AsSpan()));
        int size = Integers.Encode(
            MemoryMarshal.Cast<double, long>(values), Block, true, out SegmentEncoding encoding);
        pages.Write(Block.AsSpan(0, size));
        zone = zones.Write(values, IsAllNull(mask));
        return encoding;
    }

    private SegmentEncoding WriteDecimals(
        ReadOnlySpan<decimal> values, ReadOnlySpan<byte> mask, out ZoneKind zone)
    {
        values = Fill(values, mask, Decimals);
        int size = Wide.Encode(values, Integers, Block, out SegmentEncoding encoding);
        pages.Write(Block.AsSpan(0, size));
        zone = zones.Write(values, IsAllNull(mask));
        return encoding;
    }

    private SegmentEncoding WriteUuids(
        ReadOnlySpan<Guid> values, ReadOnlySpan<byte> mask, out ZoneKind zone)
    {
        values = Fill(values, mask, Uuids);
        int size = Wide.Encode(values, Block, out SegmentEncoding encoding);
        pages.Write(Block.AsSpan(0, size));
        zone = zones.Write(values, IsAllNull(mask));
        return encoding;
    }

    // Their order is not that of their bits, and nothing asks for their bounds.
    private SegmentEncoding WriteIntervals(
        ReadOnlySpan<TimeInterval> values, ReadOnlySpan<byte> mask)
    {
        values = Fill(values, mask, MemoryMarshal.Cast<Guid, TimeInterval>(Uuids.AsSpan()));
        int size = Wide.Encode(
            MemoryMarshal.Cast<TimeInterval, Guid>(values), Block, out SegmentEncoding encoding);
        pages.Write(Block.AsSpan(0, size));
        return encoding;
    }

    private SegmentEncoding WriteTexts(
        ColumnStore<string> column, int start, int count, out ZoneKind zone)
    {
        zone = HasLarge(column, start, count)
            ? ZoneKind.None
            : zones.Write(column, start, count);
        return Variable.Encode(column, start, count, Integers, pages);
    }

    private static bool HasLarge(ColumnStore<string> column, int start, int count)
    {
        for (int row = start; column.HasLarge && row < start + count; row++)
        {
            if (!column.IsNull(row) && column.TryGetLarge(row, out _))
            {
                return true;
            }
        }

        return false;
    }

    private SegmentEncoding WriteVectors(VectorColumnStore column, int start, int count)
    {
        if (SegmentFormat.IsRaw(column))
        {
            if (column is FloatVectorStore floats)
            {
                int stride = floats.Stride;
                pages.WriteLarge(
                    floats.RowsOf(start + count).Slice(start * stride, count * stride));
            }
            else
            {
                int stride = column.StrideBytes;
                pages.WriteLarge(((CompactVectorStore)column).RowsOf(start + count)
                    .Slice(start * stride, count * stride));
            }

            return SegmentEncoding.RawVector;
        }

        for (int row = start; row < start + count; row++)
        {
            pages.Write(column.BytesAt(row));
        }

        return SegmentEncoding.PackedVector;
    }

    private void WriteMask(ReadOnlySpan<byte> mask, int count, int nullCount)
    {
        int size = NullBits.SizeBytes(count, nullCount);
        if (size > 0)
        {
            Span<byte> bits = Block.AsSpan(0, size);
            NullBits.Encode(mask, bits);
            pages.Write(bits);
        }
    }

    private static bool IsAllNull(ReadOnlySpan<byte> mask) =>
        !mask.IsEmpty && !mask.Contains((byte)0);
}
