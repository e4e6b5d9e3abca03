using System.Globalization;
using System.Text;

namespace NeuroDb.Query;

/// <summary>
/// What a literal E'..' stands for: \b \f \n \r \t, \ooo and \xhh (bytes in UTF-8), \uhhhh and
/// \Uhhhhhhhh (code points); before another character the backslash stands for nothing.
/// </summary>
internal static class EscapedText
{
    /// <summary>The text between the quotes of a literal, read.</summary>
    public static string Of(ReadOnlySpan<char> inner, SourcePosition position)
    {
        StringBuilder text = new(inner.Length);
        List<byte> bytes = [];
        for (int at = 0; at < inner.Length;)
        {
            if (TryByte(inner[at..], out byte value, out int length))
            {
                bytes.Add(value);
                at += length;
                continue;
            }

            Flush(bytes, text);
            if (inner[at] == '\\')
            {
                at += Read(inner[at..], text, position);
            }
            else
            {
                // A quote inside the literal is always doubled or after a backslash.
                text.Append(inner[at]);
                at += inner[at] == '\'' ? 2 : 1;
            }
        }

        Flush(bytes, text);
        return text.ToString();
    }

    private static int Read(
        ReadOnlySpan<char> escape, StringBuilder text, SourcePosition position)
    {
        switch (escape[1])
        {
            case 'u' or 'U':
                int length = escape[1] == 'u' ? 4 : 8;
                bool isPoint = escape.Length >= length + 2
                    && int.TryParse(
                        escape.Slice(2, length),
                        NumberStyles.AllowHexSpecifier,
                        CultureInfo.InvariantCulture,
                        out int point)
                    && point is >= 0 and <= 0x10FFFF
                    && (length == 4 || Rune.IsValid(point))
                    ? Append(text, point)
                    : throw SyntaxErrors.At(
                        position,
                        $"\\{escape[1]} in a text takes {length} hexadecimal digits of a "
                        + "character");
                return isPoint ? length + 2 : 0;
            default:
                text.Append(escape[1] switch
                {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'b' => '\b',
                    'f' => '\f',
                    var other => other,
                });
                return 2;
        }
    }

    // Halves of a pair may come as two escapes.
    private static bool Append(StringBuilder text, int point)
    {
        if (point > char.MaxValue)
        {
            text.Append(char.ConvertFromUtf32(point));
        }
        else
        {
            text.Append((char)point);
        }

        return true;
    }

    private static bool TryByte(ReadOnlySpan<char> escape, out byte value, out int length)
    {
        value = 0;
        length = 0;
        if (escape.Length < 2 || escape[0] != '\\')
        {
            return false;
        }

        bool isHex = escape[1] == 'x';
        int first = isHex ? 2 : 1;
        int most = Math.Min(escape.Length, first + (isHex ? 2 : 3));
        int number = 0;
        int at = first;
        while (at < most && (isHex
            ? char.IsAsciiHexDigit(escape[at])
            : escape[at] is >= '0' and <= '7'))
        {
            number = (number * (isHex ? 16 : 8)) + Convert.ToInt32(escape[at].ToString(), 16);
            at++;
        }

        value = (byte)number;
        length = at;
        return at > first;
    }

    private static void Flush(List<byte> bytes, StringBuilder text)
    {
        if (bytes.Count > 0)
        {
            text.Append(Encoding.UTF8.GetString([.. bytes]));
            bytes.Clear();
        }
    }
}
