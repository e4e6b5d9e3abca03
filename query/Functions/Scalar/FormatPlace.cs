using System.Globalization;

namespace NeuroDb.Query;

/// <summary>The flags, width and precision of one place of a printf template.</summary>
internal sealed class FormatPlace
{
    private const int PrecisionMax = 100;
    private const int PrecisionDefault = 6;
    private const int DigitCount = 16;
    private const int LongDigitCount = 26;

    private bool _hasPlus;
    private bool _hasSpace;
    private bool _hasZeros;
    private bool _hasThousands;
    private bool _isAlternate;
    private bool _isLong;

    /// <summary>Whether the text stands at the left of its width.</summary>
    public bool IsLeft { get; set; }

    /// <summary>The least width, in code points.</summary>
    public int Width { get; set; }

    /// <summary>The digits behind the point, or the longest text.</summary>
    public int? Precision { get; set; }

    /// <summary>A value as an integer: the digits that a text begins with, fractions cut off.
    /// </summary>
    public static long Whole(Value value)
    {
        switch (value.Kind)
        {
            case TypeKind.Boolean or TypeKind.Integer or TypeKind.BigInt:
                return value.AsInt64();
            case TypeKind.Text:
                return NumberPrefix.Whole(value.AsText());
            default:
                double number = Double(value);
                return number >= long.MaxValue ? long.MaxValue
                    : number <= long.MinValue ? long.MinValue
                    : (long)number;
        }
    }

    /// <summary>A value as a number: that which a text begins with; 0 for NULL.</summary>
    public static double Double(Value value) => value.Kind switch
    {
        TypeKind.Boolean or TypeKind.Integer or TypeKind.BigInt => value.AsInt64(),
        TypeKind.Real or TypeKind.Double or TypeKind.Score or TypeKind.Distance =>
            value.AsDouble(),
        TypeKind.Decimal => (double)value.AsDecimal(),
        TypeKind.Text => NumberPrefix.Double(value.AsText()),
        _ => 0,
    };

    /// <summary>Takes a flag.</summary>
    public bool TryFlag(char flag)
    {
        switch (flag)
        {
            case '-':
                IsLeft = true;
                return true;
            case '+':
                _hasPlus = true;
                return true;
            case ' ':
                _hasSpace = true;
                return true;
            case '0':
                _hasZeros = true;
                return true;
            case ',':
                _hasThousands = true;
                return true;
            case '#':
                _isAlternate = true;
                return true;
            case '!':
                _isLong = true;
                return true;
            default:
                return false;
        }
    }

    /// <summary>%d.</summary>
    public string Integer(long number) => Whole(
        SignOf(number < 0),
        "",
        Int128.Abs(number).ToString(CultureInfo.InvariantCulture),
        _hasThousands);

    /// <summary>%u, %x, %X, %p and %o: all bits as a number that is not negative.</summary>
    public string Unsigned(long bits, char kind)
    {
        string digits = kind switch
        {
            'x' => bits.ToString("x", CultureInfo.InvariantCulture),
            'X' or 'p' => bits.ToString("X", CultureInfo.InvariantCulture),
            'o' => Convert.ToString(bits, 8),
            _ => ((ulong)bits).ToString(CultureInfo.InvariantCulture),
        };
        string prefix = !_isAlternate || bits == 0 ? "" : kind switch
        {
            'x' => "0x",
            'X' => "0X",
            'o' => "0",
            _ => "",
        };
        return Whole("", prefix, digits, _hasThousands && kind == 'u');
    }

    /// <summary>%r: 1st, 2nd, 3rd, 4th.</summary>
    public string Ordinal(long number)
    {
        long last = Math.Abs(number % 100);
        string end = last is >= 11 and <= 13 ? "th" : (last % 10) switch
        {
            1 => "st",
            2 => "nd",
            3 => "rd",
            _ => "th",
        };
        return Pad(SignOf(number < 0)
            + Int128.Abs(number).ToString(CultureInfo.InvariantCulture) + end);
    }

    /// <summary>%f, %e and %g.</summary>
    public string Real(double number, char kind)
    {
        if (!double.IsFinite(number))
        {
            string name = double.IsNaN(number) ? "NaN" : "Inf";
            return Pad((number < 0 ? "-" : _hasPlus ? "+" : "") + name);
        }

        var all = RoundedDigits.Of(Math.Abs(number), _isLong ? LongDigitCount : DigitCount);
        int precision = Math.Min(Precision ?? PrecisionDefault, PrecisionMax);
        string digits = char.ToLowerInvariant(kind) switch
        {
            'f' => Pointed(
                all.To(all.Exponent + 1 + precision).Fixed(precision, _hasThousands)),
            'e' => Scientific(all.To(precision + 1), precision, isTrimmed: false),
            _ => General(all, Math.Max(precision, 1)),
        };
        digits = char.IsUpper(kind) ? digits.ToUpperInvariant() : digits;
        string sign = SignOf(number < 0 && digits.AsSpan().ContainsAnyInRange('1', '9'));
        return _hasZeros && !IsLeft
            ? Pad(sign + digits.PadLeft(Math.Max(0, Width - sign.Length), '0'))
            : Pad(sign + digits);
    }

    /// <summary>%c: the first character, as often as the precision says.</summary>
    public string Character(string text) =>
        Pad(string.Concat(Enumerable.Repeat(CodePoints.Left(text, 1), Precision ?? 1)));

    /// <summary>%s: cut to the precision and padded.</summary>
    public string Text(string text) =>
        Pad(Precision is int length ? CodePoints.Left(text, length) : text);

    /// <summary>A text with blanks up to the width.</summary>
    public string Pad(string text)
    {
        string blanks = new(' ', Math.Max(0, Width - CodePoints.Count(text)));
        return IsLeft ? text + blanks : blanks + text;
    }

    // The shorter of both forms, with that many significant digits.
    private string General(in RoundedDigits all, int precision)
    {
        RoundedDigits digits = all.To(precision);
        return digits.Exponent < -4 || digits.Exponent >= precision
            ? Scientific(digits, precision - 1, isTrimmed: true)
            : Trim(Pointed(digits.Fixed(precision - 1 - digits.Exponent, hasThousands: false)));
    }

    private string Scientific(in RoundedDigits digits, int precision, bool isTrimmed)
    {
        (string text, string exponent) = digits.Scientific(precision);
        text = Pointed(text);
        return (isTrimmed ? Trim(text) : text) + exponent;
    }

    // With # a point is there even where no digit follows, with ! a digit too.
    private string Pointed(string digits) =>
        (_isAlternate || _isLong) && !digits.Contains('.', StringComparison.Ordinal)
            ? digits + (_isLong ? ".0" : ".")
            : digits;

    private string Trim(string digits)
    {
        if (_isAlternate || !digits.Contains('.', StringComparison.Ordinal))
        {
            return digits;
        }

        string trimmed = digits.TrimEnd('0');
        return !trimmed.EndsWith('.') ? trimmed
            : _isLong ? trimmed + "0"
            : trimmed[..^1];
    }

    private string SignOf(bool isNegative) =>
        isNegative ? "-" : _hasPlus ? "+" : _hasSpace ? " " : "";

    // Zeros fill the width also at the left of it, but for what stands before the digits.
    private string Whole(string sign, string prefix, string digits, bool hasThousands)
    {
        int count = Math.Max(Precision ?? 0, _hasZeros ? Width - sign.Length : 0);
        digits = digits.PadLeft(count, '0');
        if (hasThousands)
        {
            for (int at = digits.Length - 3; at > 0; at -= 3)
            {
                digits = digits.Insert(at, ",");
            }
        }

        return Pad(sign + prefix + digits);
    }
}
