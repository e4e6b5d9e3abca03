using System.Runtime.CompilerServices;
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

    private readonly Dictionary<string, int> _textPlaces = new(StringComparer.Ordinal);
    private readonly Dictionary<byte[], int> _blobPlaces = new(BlobComparer.Instance);
    private readonly long[] _lengths = new long[Limits.ChunkRowCount];
    private readonly long[] _places = new long[Limits.ChunkRowCount];
    private readonly int[] _firstRows = new int[Limits.ChunkRowCount];
    private readonly byte[] _scratch =
        new byte[IntegerEncoder.SizeBytesMax(Limits.ChunkRowCount) + HeaderSizeBytes];

    /// <summary>Writes elements; NULLs are null and take no bytes.</summary>
    public SegmentEncoding Encode<T>(
        ReadOnlySpan<T> values, IntegerEncoder integers, SegmentPageWriter pages)
    {
        Invariant.Check(values.Length is > 0 and <= Limits.ChunkRowCount);
        long total = 0;
        for (int i = 0; i < values.Length; i++)
        {
            _lengths[i] = VariableElement.SizeBytes(values[i]);
            Invariant.Check(_lengths[i] <= Limits.ValueSizeBytesMax);
            total += _lengths[i];
        }

        int items = Collect(values);
        if (items == 0 || !Pays(items, values.Length, total))
        {
            WriteHead(SegmentEncoding.Plain, 0, values.Length, values.Length, integers, pages);
            foreach (T value in values)
            {
                Write(value, pages);
            }

            return SegmentEncoding.Plain;
        }

        // First rows ascend, so a length is moved only to a place that is done with.
        for (int item = 0; item < items; item++)
        {
            _lengths[item] = _lengths[_firstRows[item]];
        }

        WriteHead(SegmentEncoding.Dictionary, items, items, values.Length, integers, pages);
        for (int item = 0; item < items; item++)
        {
            Write(values[_firstRows[item]], pages);
        }

        int size = BitPacking.Pack(
            _places.AsSpan(0, values.Length), 0, DictionaryEncoding.WidthOf(items), _scratch);
        pages.Write(_scratch.AsSpan(0, size));
        return SegmentEncoding.Dictionary;
    }

    private static void Write<T>(T value, SegmentPageWriter pages)
    {
        if (value is not null)
        {
            VariableElement.Write(pages, value);
        }
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

    private int Collect<T>(ReadOnlySpan<T> values)
    {
        if (typeof(T) == typeof(string))
        {
            return Collect(MemoryMarshal.CreateReadOnlySpan(
                ref Unsafe.As<T, string>(
                    ref MemoryMarshal.GetReference(values)), values.Length), _textPlaces, "");
        }

        return typeof(T) == typeof(byte[])
            ? Collect(MemoryMarshal.CreateReadOnlySpan(
                ref Unsafe.As<T, byte[]>(
                    ref MemoryMarshal.GetReference(values)), values.Length), _blobPlaces, [])
            : 0;
    }

    // A NULL has the place of an empty element, which decoding puts right by the mask.
    private int Collect<T>(ReadOnlySpan<T> values, Dictionary<T, int> places, T empty)
        where T : class
    {
        places.Clear();
        int limit = Math.Max(1, values.Length / 2);
        for (int i = 0; i < values.Length; i++)
        {
            T value = values[i] ?? empty;
            if (!places.TryGetValue(value, out int place))
            {
                if (places.Count == limit)
                {
                    places.Clear();
                    return 0;
                }

                place = places.Count;
                places.Add(value, place);
                _firstRows[place] = i;
            }

            _places[i] = place;
        }

        int count = places.Count;
        places.Clear();
        return count;
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
