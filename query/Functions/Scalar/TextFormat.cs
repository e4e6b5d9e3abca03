using System.Text;

namespace NeuroDb.Query;

/// <summary>
/// printf: a template with % places and the values that fill them, as in SQLite. A value that is
/// missing is NULL; NULL is an empty text, or 0 where a number is asked for.
/// </summary>
internal sealed class TextFormat
{
    private readonly Func<int, Value> _value;
    private readonly int _valueCount;
    private readonly StringBuilder _text = new();
    private int _next;

    private TextFormat(Func<int, Value> value, int valueCount)
    {
        _value = value;
        _valueCount = valueCount;
    }

    /// <summary>Fills a template.</summary>
    /// <param name="template">The template.</param>
    /// <param name="value">The value of an ordinal, from 0.</param>
    /// <param name="valueCount">How many values there are.</param>
    public static string Fill(string template, Func<int, Value> value, int valueCount)
    {
        var format = new TextFormat(value, valueCount);
        int at = 0;
        while (at < template.Length)
        {
            int percent = template.IndexOf('%', at);
            if (percent < 0 || percent == template.Length - 1)
            {
                break;
            }

            format._text.Append(template, at, percent - at);
            at = format.Place(template, percent + 1);
        }

        return format._text.Append(template, at, template.Length - at).ToString();
    }

    private Value Next() => _next < _valueCount ? _value(_next++) : Value.Null;

    private int Place(string template, int at)
    {
        var place = new FormatPlace();
        while (at < template.Length && place.TryFlag(template[at]))
        {
            at++;
        }

        at = Number(template, at, out int? width);
        if (width < 0)
        {
            place.IsLeft = true;
        }

        place.Width = Size(Math.Abs((long)(width ?? 0)));
        if (at < template.Length && template[at] == '.')
        {
            at = Number(template, at + 1, out int? precision);
            place.Precision = Size(Math.Abs((long)(precision ?? 0)));
        }

        while (at < template.Length && template[at] is 'l' or 'h')
        {
            at++;
        }

        if (at < template.Length)
        {
            Append(place, template[at]);
        }

        return Math.Min(at + 1, template.Length);
    }

    private int Number(string template, int at, out int? number)
    {
        number = null;
        if (at < template.Length && template[at] == '*')
        {
            number = (int)Math.Clamp(FormatPlace.Whole(Next()), -int.MaxValue, int.MaxValue);
            return at + 1;
        }

        int end = at;
        while (end < template.Length && char.IsAsciiDigit(template[end]))
        {
            end++;
        }

        if (end > at)
        {
            number = int.TryParse(template.AsSpan(at, end - at), out int read)
                ? read
                : int.MaxValue;
        }

        return end;
    }

    private static int Size(long size) => size <= Limits.ValueSizeBytesMax / sizeof(char)
        ? (int)size
        : throw new NeuroStoreException(
            ErrorCode.ResourceLimit, $"A width of {size} in a template is too large.");

    private void Append(FormatPlace place, char kind)
    {
        string text = kind switch
        {
            '%' => place.Pad("%"),
            'n' => "",
            'd' or 'i' => place.Integer(FormatPlace.Whole(Next())),
            'u' or 'x' or 'X' or 'p' or 'o' => place.Unsigned(FormatPlace.Whole(Next()), kind),
            'r' => place.Ordinal(FormatPlace.Whole(Next())),
            'f' or 'F' or 'e' or 'E' or 'g' or 'G' =>
                place.Real(FormatPlace.Double(Next()), kind),
            'c' => place.Character(ValueText.Format(Next())),
            's' or 'z' => place.Text(ValueText.Format(Next())),
            'q' => place.Text(Quoted(Next(), '\'')),
            'w' => place.Text(Quoted(Next(), '"')),
            'I' => place.Text(FurtherTextFunctions.QuoteName(ValueText.Format(Next()))),
            'Q' or 'L' => Next() is { IsNull: false } value
                ? place.Text($"'{Quoted(value, '\'')}'")
                : place.Text("NULL"),
            _ => throw new NeuroStoreException(
                ErrorCode.InvalidText,
                $"'%{kind}' is no place of a template; known are %d %i %u %r %x %X %p %o %f %e "
                + "%g %s %c %n %q %Q %w %I %L and %%."),
        };
        _text.Append(text);
    }

    private static string Quoted(Value value, char quote) =>
        ValueText.Format(value).Replace(
            quote.ToString(), new string(quote, 2), StringComparison.Ordinal);
}
