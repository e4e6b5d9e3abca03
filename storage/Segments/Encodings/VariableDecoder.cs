using System.Runtime.CompilerServices;

namespace NeuroDb.Storage;

/// <summary>Reads what <see cref="VariableEncoder"/> wrote.</summary>
internal static class VariableDecoder
{
    private const int ObjectSizeBytes = 24;

    /// <summary>Reads exactly that many elements; the NULL mask is left behind them.</summary>
    /// <param name="cursor">The extent.</param>
    /// <param name="values">Takes the elements; equal ones of a dictionary are shared.</param>
    /// <param name="maskSizeBytes">The bytes that must be left.</param>
    /// <param name="encoding">How they were written.</param>
    /// <returns>The bytes in memory, roughly.</returns>
    public static long Decode<T>(
        ExtentCursor cursor, T[] values, int maskSizeBytes, out SegmentEncoding encoding)
    {
        Invariant.Check(values.Length <= Limits.ChunkRowCount);
        BlockReader head = cursor.TakeBlock(VariableEncoder.HeaderSizeBytes);
        encoding = (SegmentEncoding)head.Read<byte>();
        int bits = head.Read<byte>();
        int items = head.Read<ushort>();
        head.Check(head.Read<uint>() == (uint)values.Length, "another count of values");
        uint lengthsSize = head.Read<uint>();
        head.Check(head.Read<uint>() == 0, "a number that must be zero");
        bool isDictionary = encoding == SegmentEncoding.Dictionary;
        head.Check(
            isDictionary
                ? items > 0 && items <= values.Length
                    && bits == DictionaryEncoding.WidthOf(items)
                : encoding == SegmentEncoding.Plain && items == 0 && bits == 0,
            "an encoding that such values do not have");
        int placesSize = isDictionary ? BitPacking.SizeBytes(values.Length, bits) : 0;
        T[] elements = isDictionary ? new T[items] : values;
        long total = ReadElements(cursor, elements, lengthsSize, placesSize + maskSizeBytes);
        if (isDictionary)
        {
            BlockReader block = cursor.TakeBlock(placesSize);
            Span<long> places = stackalloc long[values.Length];
            DictionaryEncoding.DecodePlaces(ref block, bits, items, places);
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = elements[(int)places[i]];
            }
        }

        int unit = typeof(T) == typeof(string) ? sizeof(char) : 1;
        return (total * unit)
            + ((long)elements.Length * ObjectSizeBytes)
            + ((long)values.Length * Unsafe.SizeOf<T>());
    }

    private static long ReadElements<T>(
        ExtentCursor cursor, T[] elements, uint lengthsSize, int rest)
    {
        Span<long> lengths = stackalloc long[elements.Length];
        BlockReader block = cursor.TakeBlock(lengthsSize);
        IntegerDecoder.Decode(ref block, lengths);
        block.Check(block.Remaining == 0, "bytes behind the lengths");
        long total = 0;
        foreach (long length in lengths)
        {
            cursor.Check(
                length >= 0 && length <= Limits.ValueSizeBytesMax, "an impossible length");
            total += length;
        }

        cursor.Check(total + rest == cursor.Remaining, "lengths of other bytes");
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = VariableElement.Read<T>(cursor, (int)lengths[i]);
        }

        return total;
    }
}
