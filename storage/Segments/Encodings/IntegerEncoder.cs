using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>
/// Writes integer blocks: up to 4096 numbers of 64 bits in the smallest of the encodings, chosen
/// by their exact sizes after one pass. Not safe for several threads.
/// </summary>
/// <remarks>
/// A block is <c>encoding u8 | bits u8 | items u16 | count u32</c>, then what the encoding writes.
/// Items are the runs or the distinct numbers; other encodings have zero.
/// </remarks>
internal sealed class IntegerEncoder
{
    /// <summary>The bytes before the encoded numbers.</summary>
    public const int HeaderSizeBytes = 8;

    private const int BytesWorthADictionary = 512;
    private readonly DistinctNumbers _distinct = new();

    /// <summary>The most bytes of a block.</summary>
    public static int SizeBytesMax(int count) => HeaderSizeBytes + PlainEncoding.SizeBytes(count);

    /// <summary>Writes a block of whole numbers.</summary>
    /// <returns>The bytes written.</returns>
    public int Encode(ReadOnlySpan<long> values, Span<byte> target) =>
        Encode(values, target, isDouble: false, out _);

    /// <summary>Writes a block of whole numbers, or of doubles given by their bits.</summary>
    /// <returns>The bytes written.</returns>
    public int Encode(
        ReadOnlySpan<long> values, Span<byte> target, bool isDouble, out SegmentEncoding encoding)
    {
        Invariant.Check(values.Length <= Limits.ChunkRowCount);
        encoding = SegmentEncoding.Plain;
        IntegerStatistics statistics = default;
        if (values.Length > 0)
        {
            statistics = IntegerStatistics.Of(values);
            encoding = Choose(values, statistics, isDouble);
        }

        Span<byte> body = target[HeaderSizeBytes..];
        (int bits, int items) = encoding switch
        {
            SegmentEncoding.FrameOfReference => (statistics.Width, 0),
            SegmentEncoding.Delta => (statistics.DeltaWidth, 0),
            SegmentEncoding.RunLength => (0, statistics.RunCount),
            SegmentEncoding.Dictionary =>
                (DictionaryEncoding.WidthOf(_distinct.Count), _distinct.Count),
            _ => (0, 0),
        };
        target[0] = (byte)encoding;
        target[1] = (byte)bits;
        ushort itemCount = (ushort)items;
        int count = values.Length;
        MemoryMarshal.Write(target[2..], in itemCount);
        MemoryMarshal.Write(target[4..], in count);
        return HeaderSizeBytes + encoding switch
        {
            SegmentEncoding.Constant => ConstantEncoding.Encode(values[0], body),
            SegmentEncoding.FrameOfReference =>
                FrameOfReferenceEncoding.Encode(values, statistics, body),
            SegmentEncoding.Delta => DeltaEncoding.Encode(values, statistics, body),
            SegmentEncoding.RunLength => RunLengthEncoding.Encode(values, items, body),
            SegmentEncoding.Dictionary =>
                DictionaryEncoding.Encode(_distinct.Distinct, _distinct.Places, body),
            SegmentEncoding.Narrow => NarrowEncoding.Encode(values, body),
            _ => PlainEncoding.Encode(values, body),
        };
    }

    private SegmentEncoding Choose(
        ReadOnlySpan<long> values, in IntegerStatistics statistics, bool isDouble)
    {
        if (statistics.Minimum == statistics.Maximum)
        {
            return SegmentEncoding.Constant;
        }

        // In the order of the time that decoding takes: of equal sizes the first one stays.
        var best = SegmentEncoding.Plain;
        int size = PlainEncoding.SizeBytes(values.Length);
        Offer(SegmentEncoding.RunLength, RunLengthEncoding.SizeBytes(statistics.RunCount));
        Offer(
            SegmentEncoding.FrameOfReference, FrameOfReferenceEncoding.SizeBytes(statistics));
        Offer(SegmentEncoding.Delta, DeltaEncoding.SizeBytes(statistics));
        int narrow = NarrowEncoding.SizeBytes(values.Length);
        if (isDouble && narrow < size && NarrowEncoding.Fits(values))
        {
            Offer(SegmentEncoding.Narrow, narrow);
        }

        if (size > BytesWorthADictionary
            && _distinct.TryCollect(values, size / (2 * sizeof(long))))
        {
            Offer(
                SegmentEncoding.Dictionary,
                DictionaryEncoding.SizeBytes(values.Length, _distinct.Count));
        }

        return best;

        void Offer(SegmentEncoding encoding, int bytes)
        {
            if (bytes < size)
            {
                best = encoding;
                size = bytes;
            }
        }
    }
}
