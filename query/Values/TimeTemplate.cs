using System.Collections.Concurrent;
using System.Text;

namespace NeuroDb.Query;

/// <summary>
/// A template of times as PostgreSQL's to_char, to_timestamp and to_date read it: fields such as
/// YYYY, MM, DD, HH24, MI and SS, upper or lower case, FM before a field for no fill, TH behind it
/// for an ordinal; text in double quotes and other characters stand for themselves.
/// </summary>
internal sealed class TimeTemplate
{
    private const int KeptCountMax = 256;
    private static readonly ConcurrentDictionary<string, TimeTemplate> Kept = new();
    private readonly string _template;
    private readonly List<TimeTemplateItem> _items = [];
    private bool _isExact;

    private TimeTemplate(string template)
    {
        _template = template;
        Split();
    }

    /// <summary>The template of a text; those used lately are kept.</summary>
    public static TimeTemplate Of(string template)
    {
        if (Kept.TryGetValue(template, out TimeTemplate? known))
        {
            return known;
        }

        if (Kept.Count >= KeptCountMax)
        {
            Kept.Clear();
        }

        return Kept[template] = new TimeTemplate(template);
    }

    /// <summary>A time by the template.</summary>
    public string Format(in TimeFields time)
    {
        var text = new StringBuilder();
        foreach (TimeTemplateItem item in _items)
        {
            string value = item.Field is null ? item.Text : time.Show(item);
            text.Append(value);
            if (item.Ordinal.Length > 0 && value.Length > 0 && char.IsAsciiDigit(value[^1]))
            {
                text.Append(OrdinalOf(value, item.Ordinal[0] == 'T'));
            }
        }

        return text.ToString();
    }

    /// <summary>What a text says by the template; what it leaves out is not set.</summary>
    public TimeParts Parse(string text)
    {
        CheckFields();
        var parts = new TimeParts(text);
        for (int i = 0; i < _items.Count && !parts.IsAtEnd; i++)
        {
            TimeTemplateItem item = _items[i];
            if (item.IsSeparator)
            {
                parts.SkipSeparator();
            }
            else if (item.Field is null)
            {
                parts.Skip(item.Text.Length);
            }
            else
            {
                if (!_isExact)
                {
                    parts.SkipSpaces();
                }

                // Digits up to the next field of digits; what else follows ends a number itself.
                bool isOpen = !item.IsFilled
                    || (!_isExact && (i + 1 == _items.Count || item.Ordinal.Length > 0
                        || !EndsBefore(_items[i + 1])));
                parts.Read(item, isOpen);
                parts.Skip(item.Ordinal.Length);
            }
        }

        return parts;
    }

    private static bool EndsBefore(TimeTemplateItem next) =>
        next.IsNumber || (next.Field is null && char.IsAsciiDigit(next.Text[0]));

    private void Split()
    {
        int at = 0;
        while (at < _template.Length)
        {
            if (TryLiteral(ref at))
            {
                continue;
            }

            bool isFilled = true;
            for (string? prefix = PrefixAt(at); prefix is not null; prefix = PrefixAt(at))
            {
                isFilled &= prefix is not "FM";
                _isExact |= prefix is "FX";
                at += prefix.Length;
            }

            string? field = TimeTemplateItem.FieldAt(_template.AsSpan(at));
            if (field is not null)
            {
                at += field.Length;
                ReadOnlySpan<char> rest = _template.AsSpan(at);
                string ordinal = rest.StartsWith("TH") ? "TH" : rest.StartsWith("th") ? "th" : "";
                at += ordinal.Length;
                _items.Add(new TimeTemplateItem(
                    field.ToUpperInvariant(), field, isFilled, ordinal));
            }
            else if (at < _template.Length && _template[at] != '"')
            {
                _items.Add(new TimeTemplateItem(null, _template[at++].ToString(), true, ""));
            }
        }
    }

    private string? PrefixAt(int at)
    {
        foreach (string prefix in (string[])["FM", "FX", "TM"])
        {
            ReadOnlySpan<char> rest = _template.AsSpan(at);
            if (rest.StartsWith(prefix) || (prefix != "TM" && rest.StartsWith(
                prefix, StringComparison.OrdinalIgnoreCase) && char.IsAsciiLetterLower(rest[0])))
            {
                return prefix;
            }
        }

        return null;
    }

    // "text", in which a backslash takes the next character as it is; and \" outside.
    private bool TryLiteral(ref int at)
    {
        if (_template[at] == '\\' && at + 1 < _template.Length && _template[at + 1] == '"')
        {
            _items.Add(new TimeTemplateItem(null, "\"", true, ""));
            at += 2;
            return true;
        }

        if (_template[at] != '"')
        {
            return false;
        }

        var literal = new StringBuilder();
        for (at++; at < _template.Length && _template[at] != '"'; at++)
        {
            at += _template[at] == '\\' && at + 1 < _template.Length ? 1 : 0;
            literal.Append(_template[at]);
        }

        at++;
        if (literal.Length > 0)
        {
            _items.Add(new TimeTemplateItem(null, literal.ToString(), true, ""));
        }

        return true;
    }

    // '%Y' would be read as a character and the last digit of a year: a wrong date, not an error.
    private void CheckFields()
    {
        int sign = _template.IndexOf('%');
        if (sign >= 0 && sign + 1 < _template.Length && char.IsAsciiLetter(_template[sign + 1]))
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidText,
                $"The template '{_template}' is written as for strftime; write fields as in "
                + "'YYYY-MM-DD HH24:MI:SS'.");
        }
    }

    private static string OrdinalOf(string number, bool isUpper)
    {
        bool isTeen = number.Length > 1 && number[^2] == '1';
        string suffix = (isTeen ? '0' : number[^1]) switch
        {
            '1' => "st",
            '2' => "nd",
            '3' => "rd",
            _ => "th",
        };
        return isUpper ? suffix.ToUpperInvariant() : suffix;
    }
}
