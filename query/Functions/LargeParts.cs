using System.Text;

namespace NeuroDb.Query;

/// <summary>Takes parts of large values, reading no more than what lies before their end.</summary>
internal static class LargeParts
{
    private const int PieceSizeBytes = 64 * 1024;

    /// <summary>Some bytes of a blob; places as in substr.</summary>
    public static byte[] OfBlob(LargeValue value, long from, long count)
    {
        (long start, long end) = CodePoints.Range(value.Reference.SizeBytes, from, count);
        LargeValue.CheckSize(end - start, Limits.ValueSizeBytesMax);
        var part = new byte[end - start];
        using ILargeValueReader reader = value.Open();
        int size = reader.Read(start, part);
        Invariant.Check(size == part.Length);
        return part;
    }

    /// <summary>Some code points of a text; places as in substr.</summary>
    public static string OfText(LargeValue value, long from, long count)
    {
        LargeReference reference = value.Reference;
        (long start, long end) = CodePoints.Range(reference.CharacterCount, from, count);
        using ILargeValueReader reader = value.Open();
        if (reference.CharacterCount == reference.SizeBytes)
        {
            // One byte each: the place of a character is its number.
            return Text(reader, start, end);
        }

        long first = OffsetOf(reader, 0, start);
        return Text(reader, first, OffsetOf(reader, first, end - start));
    }

    private static string Text(ILargeValueReader reader, long start, long end)
    {
        LargeValue.CheckSize(end - start, Limits.ValueSizeBytesMax);
        var bytes = new byte[end - start];
        int size = reader.Read(start, bytes);
        Invariant.Check(size == bytes.Length);
        return Encoding.UTF8.GetString(bytes);
    }

    // Where so many code points behind a place begin: each has one byte that continues none.
    private static long OffsetOf(ILargeValueReader reader, long at, long codePoints)
    {
        var piece = new byte[PieceSizeBytes];
        long left = codePoints;
        while (true)
        {
            int size = reader.Read(at, piece);
            for (int i = 0; i < size; i++)
            {
                if ((piece[i] & 0xC0) != 0x80 && left-- == 0)
                {
                    return at + i;
                }
            }

            at += size;
            if (size < piece.Length)
            {
                return at;
            }
        }
    }
}
