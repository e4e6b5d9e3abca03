using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>Reads what <see cref="WideEncoder"/> wrote.</summary>
internal static class WideDecoder
{
    /// <summary>Reads a block of exactly that many UUIDs.</summary>
    public static void Decode(
        ref BlockReader reader, Span<Guid> values, out SegmentEncoding encoding) =>
        Decode(
            ref reader,
            MemoryMarshal.Cast<Guid, UInt128>(values),
            isDecimal: false,
            out encoding,
            out _);

    /// <summary>Reads a block of exactly that many decimals.</summary>
    public static void Decode(
        ref BlockReader reader, Span<decimal> values, out SegmentEncoding encoding)
    {
        Span<UInt128> bits = MemoryMarshal.Cast<decimal, UInt128>(values);
        Decode(ref reader, bits, isDecimal: true, out encoding, out int scale);
        if (encoding == SegmentEncoding.Scaled)
        {
            Span<long> numbers = stackalloc long[values.Length];
            IntegerDecoder.Decode(ref reader, numbers);
            ScaledEncoding.Join(ref reader, numbers, scale, values);
        }
        else
        {
            ScaledEncoding.CheckAll(ref reader, values);
        }
    }

    private static void Decode(
        ref BlockReader reader,
        Span<UInt128> values,
        bool isDecimal,
        out SegmentEncoding encoding,
        out int width)
    {
        Invariant.Check(values.Length <= Limits.ChunkRowCount);
        encoding = (SegmentEncoding)reader.Read<byte>();
        width = reader.Read<byte>();
        int items = reader.Read<ushort>();
        reader.Check(reader.Read<uint>() == (uint)values.Length, "another count of values");
        switch (encoding)
        {
            case SegmentEncoding.Plain:
                reader.Take(values.Length * WideEncoder.ValueSizeBytes)
                    .CopyTo(MemoryMarshal.AsBytes(values));
                break;
            case SegmentEncoding.Constant:
                values.Fill(reader.Read<UInt128>());
                break;
            case SegmentEncoding.Dictionary:
                DecodeDictionary(ref reader, width, items, values);
                break;
            case SegmentEncoding.Scaled when isDecimal:
                break;
            default:
                throw reader.Bad($"encoding {(byte)encoding}, which such values do not have");
        }
    }

    private static void DecodeDictionary(
        ref BlockReader reader, int bits, int items, Span<UInt128> values)
    {
        reader.Check(
            items > 0 && bits == DictionaryEncoding.WidthOf(items),
            "a dictionary of another width");
        ReadOnlySpan<UInt128> distinct = MemoryMarshal.Cast<byte, UInt128>(
            reader.Take(items * WideEncoder.ValueSizeBytes));
        Span<long> places = stackalloc long[values.Length];
        DictionaryEncoding.DecodePlaces(ref reader, bits, items, places);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = distinct[(int)places[i]];
        }
    }
}
