using System.Globalization;

namespace NeuroDb.Query;

/// <summary>The flags, width and precision of one place of a printf template.</summary>
internal sealed class FormatPlace
{
    private const int PrecisionMax = 100;
    private const int PrecisionDefault = 6;

    private bool _hasPlus;
    private bool _hasSpace;
    private bool _hasZeros;
    private bool _hasThousands;
    private bool _isAlternate;

    /// <summary>Whether the text stands at the left of its width.</summary>
    public bool IsLeft { get; set; }

    /// <summary>The least width, in code points.</summary>
    public int Width { get; set; }

    /// <summary>The digits behind the point, or the longest text.</summary>
    public int? Precision { get; set; }

    /// <summary>A value as an integer: text by its digits, fractions cut off.</summary>
    public static long Whole(Value value)
    {
        double number = Double(value);
        return value.Kind switch
        {
            TypeKind.Boolean or TypeKind.Integer or TypeKind.BigInt => value.AsInt64(),
            TypeKind.Text when long.TryParse(
                value.AsText().Trim(), NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture, out long whole) => whole,
            _ when number >= long.MaxValue => long.MaxValue,
            _ when number <= long.MinValue => long.MinValue,
            _ => (long)number,
        };
    }

    /// <summary>A value as a number; 0 for NULL and for text that is none.</summary>
    public static double Double(Value value) => value.Kind switch
    {
        TypeKind.Boolean or TypeKind.Integer or TypeKind.BigInt => value.AsInt64(),
        TypeKind.Real or TypeKind.Double or TypeKind.Score or TypeKind.Distance =>
            value.AsDouble(),
        TypeKind.Decimal => (double)value.AsDecimal(),
        TypeKind.Text when double.TryParse(
            value.AsText(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            => number,
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
            case '#' or '!':
                _isAlternate = true;
                return true;
            default:
                return false;
        }
    }

    /// <summary>%d.</summary>
    public string Integer(long number)
    {
        string digits = Int128.Abs(number).ToString(
            _hasThousands ? "#,0" : "0", CultureInfo.InvariantCulture);
        digits = digits.PadLeft(Precision ?? 0, '0');
        return PadNumber(number < 0, digits);
    }

    /// <summary>%f, %e and %g.</summary>
    public string Real(double number, char kind)
    {
        if (!double.IsFinite(number))
        {
            string name = double.IsNaN(number) ? "NaN" : "Inf";
            return Pad((number < 0 ? "-" : _hasPlus ? "+" : "") + name);
        }

        double size = Math.Abs(number);
        int precision = Math.Min(Precision ?? PrecisionDefault, PrecisionMax);
        string digits = char.ToLowerInvariant(kind) switch
        {
            'f' => Fixed(size, precision),
            'e' => Scientific(size, precision),
            _ => General(size, Math.Max(precision, 1)),
        };
        digits = char.IsUpper(kind) ? digits.ToUpperInvariant() : digits;
        return PadNumber(number < 0 && digits.AsSpan().ContainsAnyInRange('1', '9'), digits);
    }

    /// <summary>%s: cut to the precision and padded.</summary>
    public string Text(string text) =>
        Pad(Precision is int length ? CodePoints.Left(text, length) : text);

    /// <summary>A text with blanks up to the width.</summary>
    public string Pad(string text)
    {
        string blanks = new(' ', Math.Max(0, Width - CodePoints.Count(text)));
        return IsLeft ? text + blanks : blanks + text;
    }

    private string Fixed(double size, int precision)
    {
        string format = (_hasThousands ? "N" : "F")
            + precision.ToString(CultureInfo.InvariantCulture);
        return size.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>Digits and an exponent of two digits or more, as in C.</summary>
    private static string Scientific(double size, int precision)
    {
        string text = size.ToString(
            "e" + precision.ToString(CultureInfo.InvariantCulture),
            CultureInfo.InvariantCulture);
        int at = text.IndexOf('e', StringComparison.Ordinal);
        string exponent = text[(at + 2)..].TrimStart('0').PadLeft(2, '0');
        return text[..(at + 2)] + exponent;
    }

    /// <summary>The shorter of both forms, with that many significant digits.</summary>
    private string General(double size, int precision)
    {
        string scientific = Scientific(size, precision - 1);
        int at = scientific.IndexOf('e', StringComparison.Ordinal);
        int exponent = int.Parse(scientific.AsSpan(at + 1), CultureInfo.InvariantCulture);
        return exponent < -4 || exponent >= precision
            ? Trim(scientific[..at]) + scientific[at..]
            : Trim(Fixed(size, precision - 1 - exponent));
    }

    private string Trim(string digits) =>
        _isAlternate || !digits.Contains('.', StringComparison.Ordinal)
            ? digits
            : digits.TrimEnd('0').TrimEnd('.');

    private string PadNumber(bool isNegative, string digits)
    {
        string sign = isNegative ? "-" : _hasPlus ? "+" : _hasSpace ? " " : "";
        if (_hasZeros && !IsLeft)
        {
            digits = digits.PadLeft(Math.Max(0, Width - sign.Length), '0');
        }

        return Pad(sign + digits);
    }
}
