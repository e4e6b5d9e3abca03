namespace NeuroDb.Query;

/// <summary>
/// Text by Unicode code points. Text without surrogates, nearly all of it, takes the short way.
/// A surrogate without its partner counts as one.
/// </summary>
internal static class CodePoints
{
    /// <summary>How many code points a text has.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        int first = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        if (first < 0)
        {
            return text.Length;
        }

        int count = first;
        for (int i = first; i < text.Length; i += SizeAt(text, i))
        {
            count++;
        }

        return count;
    }

    /// <summary>
    /// SQL's substring: from a place counted from 1, so many code points. A negative place counts
    /// from the end, a negative length takes what stands before the place, as in SQLite.
    /// </summary>
    public static string Substring(string text, long from, long count)
    {
        (int start, int end) = Range(Count(text), from, count);
        return Cut(text, start, end);
    }

    /// <summary>The range of a substring in a sequence, cut to it.</summary>
    public static (int Start, int End) Range(int length, long from, long count)
    {
        (long start, long end) = Range((long)length, from, count);
        return ((int)start, (int)end);
    }

    /// <summary>The range of a substring in a long sequence, cut to it.</summary>
    public static (long Start, long End) Range(long length, long from, long count)
    {
        Int128 start = from < 0 ? (Int128)length + from : (Int128)from - 1;
        Int128 end = start + count;
        if (count < 0)
        {
            (start, end) = (end, start);
        }

        start = Int128.Clamp(start, 0, length);
        return ((long)start, (long)Int128.Clamp(end, start, length));
    }

    /// <summary>The first code points; all but the last ones if negative.</summary>
    public static string Left(string text, long count)
    {
        int length = Count(text);
        Int128 end = count < 0 ? (Int128)length + count : count;
        return Cut(text, 0, (int)Int128.Clamp(end, 0, length));
    }

    /// <summary>The last code points; all but the first ones if negative.</summary>
    public static string Right(string text, long count)
    {
        int length = Count(text);
        Int128 start = count < 0 ? -(Int128)count : (Int128)length - count;
        return Cut(text, (int)Int128.Clamp(start, 0, length), length);
    }

    /// <summary>The code points in reverse order.</summary>
    public static string Reverse(string text) =>
        string.Create(text.Length, text, static (target, source) =>
        {
            int end = target.Length;
            for (int i = 0; i < source.Length;)
            {
                int size = SizeAt(source, i);
                end -= size;
                source.AsSpan(i, size).CopyTo(target[end..]);
                i += size;
            }
        });

    /// <summary>The UTF-16 units of the code point at a place.</summary>
    public static int SizeAt(ReadOnlySpan<char> text, int at) =>
        char.IsHighSurrogate(text[at]) && at + 1 < text.Length
            && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;

    private static string Cut(string text, int start, int end)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            return text[start..end];
        }

        int from = Offset(text, start);
        return text[from..(from + Offset(text.AsSpan(from), end - start))];
    }

    private static int Offset(ReadOnlySpan<char> text, int codePoints)
    {
        int at = 0;
        for (int i = 0; i < codePoints; i++)
        {
            at += SizeAt(text, at);
        }

        return at;
    }
}
