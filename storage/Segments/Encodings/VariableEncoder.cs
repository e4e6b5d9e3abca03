using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>
/// Writes texts, blobs and vectors of any dimension: <c>encoding u8 | bits u8 | items u16 | count
/// u32 | bytes of the lengths u32 | zero u32</c>, an integer block of the lengths, the bytes. As a
/// dictionary the lengths and bytes are those of the distinct elements, and the bit-packed place
/// of each row's element follows.
/// </summary>
internal sealed class VariableEncoder
{
    /// <summary>The bytes before the lengths.</summary>
    public const int HeaderSizeBytes = 16;

    // Twice as many as there may be items, so that a look ends soon.
    private const int SlotCount = Limits.ChunkRowCount;
    private readonly ushort[] _slots = new ushort[SlotCount];
    private readonly ulong[] _hashes = new ulong[Limits.ChunkRowCount];
    private readonly long[] _lengths = new long[Limits.ChunkRowCount];
    private readonly long[] _places = new long[Limits.ChunkRowCount];
    private readonly int[] _firstRows = new int[Limits.ChunkRowCount];
    private readonly byte[] _scratch =
        new byte[IntegerEncoder.SizeBytesMax(Limits.ChunkRowCount) + HeaderSizeBytes];

    /// <summary>Writes the elements of rows; NULLs take no bytes.</summary>
    public SegmentEncoding Encode<T>(
        ColumnStore<T> column,
        int start,
        int count,
        IntegerEncoder integers,
        SegmentPageWriter pages)
    {
        Invariant.Check(count is > 0 and <= Limits.ChunkRowCount);
        long total = 0;
        for (int i = 0; i < count; i++)
        {
            _lengths[i] = VariableElement.SizeBytes(column, start + i);
            Invariant.Check(_lengths[i] <= Limits.ValueSizeBytesMax);
            total += _lengths[i];
        }

        int items = Element.HasBytes<T>() ? Collect(column, start, count) : 0;
        if (items == 0 || !Pays(items, count, total))
        {
            WriteHead(SegmentEncoding.Plain, 0, count, count, integers, pages);
            for (int i = 0; i < count; i++)
            {
                VariableElement.Write(pages, column, start + i);
            }

            return SegmentEncoding.Plain;
        }

        // First rows ascend, so a length is moved only to a place that is done with.
        for (int item = 0; item < items; item++)
        {
            _lengths[item] = _lengths[_firstRows[item]];
        }

        WriteHead(SegmentEncoding.Dictionary, items, items, count, integers, pages);
        for (int item = 0; item < items; item++)
        {
            VariableElement.Write(pages, column, start + _firstRows[item]);
        }

        int size = BitPacking.Pack(
            _places.AsSpan(0, count), 0, DictionaryEncoding.WidthOf(items), _scratch);
        pages.Write(_scratch.AsSpan(0, size));
        return SegmentEncoding.Dictionary;
    }

    private bool Pays(int items, int count, long total)
    {
        long distinct = 0;
        for (int item = 0; item < items; item++)
        {
            distinct += _lengths[_firstRows[item]] + sizeof(ushort);
        }

        return distinct + BitPacking.SizeBytes(count, DictionaryEncoding.WidthOf(items))
            < total + count;
    }

    // The place of each row's element among the distinct ones, which are numbered from 0 on; how
    // many there are, or 0 if they are too many. A NULL has the place of an empty element, which
    // decoding puts right by the mask.
    private int Collect<T>(ColumnStore<T> column, int start, int count)
    {
        _slots.AsSpan().Clear();
        int limit = Math.Max(1, count / 2);
        int items = 0;
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> bytes =
                column.IsNull(start + i) ? default : column.BytesAt(start + i);
            ulong hash = Hash64.Of(bytes);
            int slot = (int)(hash & (SlotCount - 1));
            int place;
            while ((place = _slots[slot] - 1) >= 0
                && !(hash == _hashes[place] && IsItem(column, start, place, bytes)))
            {
                slot = (slot + 1) & (SlotCount - 1);
            }

            if (place < 0)
            {
                if (items == limit)
                {
                    return 0;
                }

                place = items++;
                _slots[slot] = (ushort)items;
                _hashes[place] = hash;
                _firstRows[place] = i;
            }

            _places[i] = place;
        }

        return items;
    }

    private bool IsItem<T>(ColumnStore<T> column, int start, int item, ReadOnlySpan<byte> bytes)
    {
        int row = start + _firstRows[item];
        return bytes.SequenceEqual(column.IsNull(row) ? default : column.BytesAt(row));
    }

    private void WriteHead(
        SegmentEncoding encoding,
        int items,
        int lengthCount,
        int rowCount,
        IntegerEncoder integers,
        SegmentPageWriter pages)
    {
        Span<byte> head = _scratch.AsSpan(0, HeaderSizeBytes);
        head.Clear();
        int lengthsSize = integers.Encode(
            _lengths.AsSpan(0, lengthCount), _scratch.AsSpan(HeaderSizeBytes));
        ushort itemCount = (ushort)items;
        head[0] = (byte)encoding;
        head[1] = (byte)DictionaryEncoding.WidthOf(items);
        MemoryMarshal.Write(head[2..], in itemCount);
        MemoryMarshal.Write(head[4..], in rowCount);
        MemoryMarshal.Write(head[8..], in lengthsSize);
        pages.Write(_scratch.AsSpan(0, HeaderSizeBytes + lengthsSize));
    }
}
