using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>
/// Reads a column of a chunk of which some pages are damaged: a row is lost only if bytes of its
/// own value lie in such a page. What all rows need - lengths, places in a dictionary, the NULL
/// mask - must be whole; numbers of 64 bits fit one page, so of them all rows are lost or none.
/// Pages are read one at a time, whatever the size of the column.
/// </summary>
internal sealed class ColumnSalvage
{
    private readonly SegmentPages _pages;
    private readonly int _extent;
    private readonly ExtentRecord _record;
    private readonly int _rowCount;
    private readonly int _maskSize;
    private readonly HashSet<int> _damaged = [];
    private byte[] _page = [];
    private int _loaded = -1;

    private ColumnSalvage(SegmentPages pages, int extent, int rowCount)
    {
        _pages = pages;
        _extent = extent;
        _record = pages.ExtentAt(extent);
        _rowCount = rowCount;
        _maskSize = NullBits.SizeBytes(rowCount, _record.NullCount);
    }

    /// <summary>Reads what can be read.</summary>
    /// <param name="pages">The file.</param>
    /// <param name="extent">The column of the chunk.</param>
    /// <param name="type">Its type.</param>
    /// <param name="rowCount">The rows of the chunk.</param>
    /// <param name="values">The values; those of lost rows mean nothing.</param>
    /// <param name="isLost">The rows whose value is lost.</param>
    /// <returns>False if no value can be read.</returns>
    public static bool TryRead(
        SegmentPages pages,
        int extent,
        DataType type,
        int rowCount,
        out ColumnStore? values,
        out bool[] isLost)
    {
        var column = new ColumnSalvage(pages, extent, rowCount);
        isLost = new bool[rowCount];
        try
        {
            values = column.Read(type, isLost);
            return values is not null;
        }
        catch (CorruptionException)
        {
            // The pages are as they were written; that they contradict the directory says no more.
            values = null;
            return false;
        }
    }

    private ColumnStore? Read(DataType type, bool[] isLost)
    {
        if (!TryMask(out byte[]? nulls))
        {
            return null;
        }

        return type.Physical switch
        {
            PhysicalKind.Text => Variable<string>(type, nulls, isLost),
            PhysicalKind.Blob => Variable<byte[]>(type, nulls, isLost),
            PhysicalKind.Vector when type.Length == 0 =>
                Variable<ReadOnlyMemory<float>>(type, nulls, isLost),
            PhysicalKind.CompactVector when type.Length == 0 =>
                Variable<CompactVector>(type, nulls, isLost),
            PhysicalKind.Vector or PhysicalKind.CompactVector => Vectors(type, nulls, isLost),
            PhysicalKind.Decimal => Wide<decimal>(type, nulls, isLost),
            PhysicalKind.Uuid => Wide<Guid>(type, nulls, isLost),
            PhysicalKind.Interval => Wide<TimeInterval>(type, nulls, isLost),
            _ => null,
        };
    }

    private bool TryMask(out byte[]? nulls)
    {
        nulls = null;
        var bytes = new byte[_maskSize];
        if (!TryCopy(_record.Length - _maskSize, bytes))
        {
            return false;
        }

        var reader = new BlockReader(bytes, _pages.Path, _record.Offset);
        nulls = NullBits.Decode(ref reader, _rowCount, _record.NullCount);
        return true;
    }

    private VectorColumnStore? Vectors(DataType type, byte[]? nulls, bool[] isLost)
    {
        VectorColumnStore vectors = VectorColumnStore.OfVectors(type);
        int rowSize = SegmentFormat.IsRaw(vectors) ? vectors.StrideBytes : vectors.RowSizeBytes;
        if (_record.Length != ((long)_rowCount * rowSize) + _maskSize)
        {
            return null;
        }

        Span<byte> rows = vectors.Refill(_rowCount, 0);
        rows.Clear();
        for (int row = 0; row < _rowCount; row++)
        {
            isLost[row] = !IsNull(nulls, row) && !TryCopy(
                (long)row * rowSize, rows.Slice(row * vectors.StrideBytes, rowSize));
        }

        vectors.RefillNulls(nulls);
        return vectors;
    }

    private ColumnStore<T>? Wide<T>(DataType type, byte[]? nulls, bool[] isLost)
        where T : unmanaged
    {
        if (_record.Encoding != SegmentEncoding.Plain)
        {
            return null;
        }

        long first = _record.Length - _maskSize - ((long)_rowCount * WideEncoder.ValueSizeBytes);
        var values = new T[_rowCount];
        for (int row = 0; row < _rowCount; row++)
        {
            isLost[row] = !IsNull(nulls, row) && !TryCopy(
                first + ((long)row * WideEncoder.ValueSizeBytes),
                MemoryMarshal.AsBytes(values.AsSpan(row, 1)));
        }

        return new ColumnStore<T>(type, values, nulls);
    }

    private ColumnStore<T>? Variable<T>(DataType type, byte[]? nulls, bool[] isLost)
    {
        var head = new byte[VariableEncoder.HeaderSizeBytes];
        if (!TryCopy(0, head))
        {
            return null;
        }

        bool isDictionary = _record.Encoding == SegmentEncoding.Dictionary;
        int bits = head[1];
        int items = isDictionary ? MemoryMarshal.Read<ushort>(head.AsSpan(2)) : _rowCount;
        uint lengthsSize = MemoryMarshal.Read<uint>(head.AsSpan(8));
        if (lengthsSize > _record.Length || !TryLengths(lengthsSize, items, out long[] lengths))
        {
            return null;
        }

        var elements = new T[items];
        var isGone = new bool[items];
        long at = head.Length + lengthsSize;
        for (int i = 0; i < items; i++)
        {
            isGone[i] = !TryElement(at, lengths[i], out elements[i]);
            at += lengths[i];
        }

        if (elements is CompactVector[] vectors)
        {
            for (int i = 0; i < items; i++)
            {
                isGone[i] |= lengths[i] > 0 && !vectors[i].Fits(type.Kind);
            }
        }

        if (!isDictionary)
        {
            isGone.CopyTo(isLost, 0);
            return new ColumnStore<T>(type, Cleared(elements, nulls), nulls);
        }

        return Places(type, elements, isGone, at, bits, nulls, isLost);
    }

    private ColumnStore<T>? Places<T>(
        DataType type,
        T[] elements,
        bool[] isGone,
        long at,
        int bits,
        byte[]? nulls,
        bool[] isLost)
    {
        var packed = new byte[BitPacking.SizeBytes(_rowCount, bits)];
        if (!TryCopy(at, packed))
        {
            return null;
        }

        var places = new long[_rowCount];
        var block = new BlockReader(packed, _pages.Path, _record.Offset + at);
        DictionaryEncoding.DecodePlaces(ref block, bits, elements.Length, places);
        var values = new T[_rowCount];
        for (int row = 0; row < _rowCount; row++)
        {
            values[row] = elements[(int)places[row]];
            isLost[row] = isGone[(int)places[row]] && !IsNull(nulls, row);
        }

        return new ColumnStore<T>(type, Cleared(values, nulls), nulls);
    }

    private bool TryLengths(uint sizeBytes, int count, out long[] lengths)
    {
        lengths = new long[count];
        var bytes = new byte[sizeBytes];
        if (!TryCopy(VariableEncoder.HeaderSizeBytes, bytes))
        {
            return false;
        }

        var reader = new BlockReader(bytes, _pages.Path, _record.Offset);
        IntegerDecoder.Decode(ref reader, lengths);
        return Array.TrueForAll(
            lengths, static length => length is >= 0 and <= Limits.ValueSizeBytesMax);
    }

    private bool TryElement<T>(long at, long sizeBytes, out T element)
    {
        element = default!;
        if (typeof(T) == typeof(ReadOnlyMemory<float>))
        {
            var floats = new float[sizeBytes / sizeof(float)];
            ReadOnlyMemory<float> vector = floats;
            element = Unsafe.As<ReadOnlyMemory<float>, T>(ref vector);
            return TryCopy(at, MemoryMarshal.AsBytes(floats.AsSpan()));
        }

        var bytes = new byte[sizeBytes];
        if (!TryCopy(at, bytes))
        {
            return false;
        }

        if (typeof(T) == typeof(CompactVector))
        {
            CompactVector compact = bytes.Length <= sizeof(int)
                ? default
                : new(bytes.AsMemory(sizeof(int)), MemoryMarshal.Read<int>(bytes));
            element = Unsafe.As<CompactVector, T>(ref compact);
            return true;
        }

        element = typeof(T) == typeof(string)
            ? (T)(object)TextEncoding.Strict.GetString(bytes)
            : (T)(object)bytes;
        return true;
    }

    private static bool IsNull(byte[]? nulls, int row) => nulls is not null && nulls[row] != 0;

    private static T[] Cleared<T>(T[] values, byte[]? nulls)
    {
        for (int row = 0; nulls is not null && row < values.Length; row++)
        {
            values[row] = nulls[row] != 0 ? default! : values[row];
        }

        return values;
    }

    // Bytes of the extent; false if one of them is in a damaged page.
    private bool TryCopy(long start, Span<byte> target)
    {
        if (start < 0 || start + target.Length > _record.Length)
        {
            return false;
        }

        while (!target.IsEmpty)
        {
            int page = (int)(start / SegmentFormat.PageSizeBytes);
            if (!TryLoad(page))
            {
                return false;
            }

            int at = (int)(start % SegmentFormat.PageSizeBytes);
            int count = Math.Min(target.Length, SegmentFormat.PageSizeBytes - at);
            _page.AsSpan(at, count).CopyTo(target);
            target = target[count..];
            start += count;
        }

        return true;
    }

    private bool TryLoad(int page)
    {
        if (page == _loaded)
        {
            return true;
        }

        if (_damaged.Contains(page))
        {
            return false;
        }

        _loaded = -1;
        int length = (int)_pages.LengthOf(_extent, page, 1);
        _page = _page.Length >= length ? _page : new byte[length];
        try
        {
            _pages.Read(_extent, page, 1, _page.AsSpan(0, length));
            _loaded = page;
            return true;
        }
        catch (NeuroStoreException failure)
            when (failure.Code is ErrorCode.Corruption or ErrorCode.InputOutput)
        {
            _damaged.Add(page);
            return false;
        }
    }
}
