using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>
/// Writes values of 16 bytes, decimals and UUIDs, in the smallest of their encodings. The block
/// begins as an integer block does; instead of bits a scaled block has its scale.
/// </summary>
internal sealed class WideEncoder
{
    /// <summary>The bytes of a value.</summary>
    public const int ValueSizeBytes = 16;

    private readonly Dictionary<UInt128, int> _placeOf = [];
    private readonly long[] _numbers = new long[Limits.ChunkRowCount];
    private readonly byte[] _scaled = new byte[IntegerEncoder.SizeBytesMax(Limits.ChunkRowCount)];

    /// <summary>The most bytes of a block.</summary>
    public static int SizeBytesMax(int count) =>
        IntegerEncoder.HeaderSizeBytes + (count * ValueSizeBytes);

    /// <summary>Writes UUIDs.</summary>
    /// <returns>The bytes written.</returns>
    public int Encode(ReadOnlySpan<Guid> values, Span<byte> target, out SegmentEncoding encoding)
    {
        ReadOnlySpan<UInt128> bits = MemoryMarshal.Cast<Guid, UInt128>(values);
        encoding = Choose(bits, out _);
        return Encode(bits, target, encoding);
    }

    /// <summary>Writes decimals.</summary>
    /// <returns>The bytes written.</returns>
    public int Encode(
        ReadOnlySpan<decimal> values,
        IntegerEncoder integers,
        Span<byte> target,
        out SegmentEncoding encoding)
    {
        ReadOnlySpan<UInt128> bits = MemoryMarshal.Cast<decimal, UInt128>(values);
        encoding = Choose(bits, out int size);
        Span<long> numbers = _numbers.AsSpan(0, values.Length);
        if (ScaledEncoding.TrySplit(values, numbers, out byte scale))
        {
            int scaledSize = integers.Encode(numbers, _scaled);
            if (scaledSize < size)
            {
                encoding = SegmentEncoding.Scaled;
                WriteHeader(target, encoding, scale, 0, values.Length);
                _scaled.AsSpan(0, scaledSize).CopyTo(target[IntegerEncoder.HeaderSizeBytes..]);
                return IntegerEncoder.HeaderSizeBytes + scaledSize;
            }
        }

        return Encode(bits, target, encoding);
    }

    private static void WriteHeader(
        Span<byte> target, SegmentEncoding encoding, int bits, int items, int count)
    {
        ushort itemCount = (ushort)items;
        target[0] = (byte)encoding;
        target[1] = (byte)bits;
        MemoryMarshal.Write(target[2..], in itemCount);
        MemoryMarshal.Write(target[4..], in count);
    }

    private SegmentEncoding Choose(ReadOnlySpan<UInt128> values, out int size)
    {
        Invariant.Check(values.Length is > 0 and <= Limits.ChunkRowCount);
        size = values.Length * ValueSizeBytes;
        _placeOf.Clear();
        int limit = values.Length / 2;
        for (int i = 0; i < values.Length; i++)
        {
            if (_placeOf.TryAdd(values[i], _placeOf.Count) && _placeOf.Count > limit)
            {
                return values.Length == 1 ? SegmentEncoding.Constant : SegmentEncoding.Plain;
            }
        }

        if (_placeOf.Count == 1)
        {
            size = ValueSizeBytes;
            return SegmentEncoding.Constant;
        }

        int places = BitPacking.SizeBytes(
            values.Length, DictionaryEncoding.WidthOf(_placeOf.Count));
        int dictionary = (_placeOf.Count * ValueSizeBytes) + places;
        if (dictionary >= size)
        {
            return SegmentEncoding.Plain;
        }

        size = dictionary;
        return SegmentEncoding.Dictionary;
    }

    private int Encode(
        ReadOnlySpan<UInt128> values, Span<byte> target, SegmentEncoding encoding)
    {
        int items = encoding == SegmentEncoding.Dictionary ? _placeOf.Count : 0;
        int bits = DictionaryEncoding.WidthOf(items);
        WriteHeader(target, encoding, bits, items, values.Length);
        Span<byte> body = target[IntegerEncoder.HeaderSizeBytes..];
        if (encoding != SegmentEncoding.Dictionary)
        {
            ReadOnlySpan<UInt128> written =
                encoding == SegmentEncoding.Constant ? values[..1] : values;
            MemoryMarshal.AsBytes(written).CopyTo(body);
            return IntegerEncoder.HeaderSizeBytes + (written.Length * ValueSizeBytes);
        }

        Span<UInt128> distinct = MemoryMarshal.Cast<byte, UInt128>(body)[..items];
        Span<long> places = _numbers.AsSpan(0, values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            int place = _placeOf[values[i]];
            places[i] = place;
            distinct[place] = values[i];
        }

        int size = items * ValueSizeBytes;
        return IntegerEncoder.HeaderSizeBytes + size
            + BitPacking.Pack(places, 0, bits, body[size..]);
    }
}
