namespace NeuroDb.Storage;

/// <summary>Reads what <see cref="IntegerEncoder"/> wrote.</summary>
internal static class IntegerDecoder
{
    /// <summary>Reads a block of exactly that many numbers.</summary>
    public static void Decode(ref BlockReader reader, scoped Span<long> values) =>
        Decode(ref reader, values, isDouble: false, out _);

    /// <summary>Reads a block of whole numbers, or of doubles as their bits.</summary>
    public static void Decode(
        ref BlockReader reader,
        scoped Span<long> values,
        bool isDouble,
        out SegmentEncoding encoding)
    {
        encoding = (SegmentEncoding)reader.Read<byte>();
        int bits = reader.Read<byte>();
        int items = reader.Read<ushort>();
        uint count = reader.Read<uint>();
        reader.Check(count == (uint)values.Length, "another count of values");
        reader.Check(bits <= 64, "a width of more than 64 bits");
        switch (encoding)
        {
            case SegmentEncoding.Plain:
                PlainEncoding.Decode(ref reader, values);
                break;
            case SegmentEncoding.Constant:
                ConstantEncoding.Decode(ref reader, values);
                break;
            case SegmentEncoding.FrameOfReference:
                FrameOfReferenceEncoding.Decode(ref reader, bits, values);
                break;
            case SegmentEncoding.Delta:
                DeltaEncoding.Decode(ref reader, bits, values);
                break;
            case SegmentEncoding.RunLength:
                RunLengthEncoding.Decode(ref reader, items, values);
                break;
            case SegmentEncoding.Dictionary:
                DictionaryEncoding.Decode(ref reader, bits, items, values);
                break;
            case SegmentEncoding.Narrow when isDouble:
                NarrowEncoding.Decode(ref reader, values);
                break;
            default:
                throw reader.Bad($"encoding {(byte)encoding}, which numbers do not have");
        }
    }
}
