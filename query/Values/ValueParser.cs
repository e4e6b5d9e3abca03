using System.Globalization;
using System.Text;
using System.Text.Json;

namespace NeuroDb.Query;

/// <summary>
/// Reads the text of a value of any type: the reverse of <see cref="ValueText"/>.
/// </summary>
internal static class ValueParser
{
    private const NumberStyles FloatStyle = NumberStyles.Float;

    /// <summary>Reads a text as a value of a type, or raises a typed error.</summary>
    public static Value Parse(string text, DataType type, SourcePosition position = default)
    {
        switch (type.Kind)
        {
            case TypeKind.Text:
                return Value.Of(text);
            case TypeKind.Vector:
                return Value.Of(VectorText.Parse(text, type.Length, position));
            case TypeKind.HalfVector or TypeKind.Int8Vector or TypeKind.BitVector:
                return CompactVectorText.Parse(text, type, position);
            case TypeKind.Json:
                return Value.OfJson(CheckJson(text, position));
            case TypeKind.Enum:
                return EnumLabels.Parse(text, type, position);
            case TypeKind.BitString:
                return BitStrings.Parse(text, type, position);
            case TypeKind.Struct or TypeKind.Map:
                return StructText.Parse(text, type, position);
            case TypeKind.Array:
                return ArrayText.Parse(text, type, position);
            case TypeKind.Blob:
                byte[] bytes = ParseBlob(text, position);
                EncodedValues.Check(bytes, type, position);
                return Value.Of(bytes);
            default:
                return TryParseScalar(text, type, position, out Value value)
                    ? value
                    : throw Invalid(text, type, position);
        }
    }

    /// <summary>The error for a text that does not read as a type.</summary>
    public static NeuroStoreException Invalid(
        string text, DataType type, SourcePosition position) => new(
            ErrorCode.InvalidText,
            $"'{ValueText.Shorten(text)}' does not read as {type}; expected is {Example(type)}.",
            position);

    private static bool TryParseScalar(
        string text, DataType type, SourcePosition position, out Value value)
    {
        ReadOnlySpan<char> span = text.AsSpan().Trim();
        value = default;
        switch (type.Kind)
        {
            case TypeKind.Boolean:
                return TryParseBoolean(span, out value);
            case TypeKind.Integer or TypeKind.BigInt:
                return TryParseInteger(span, type, position, out value);
            case TypeKind.Real or TypeKind.Double or TypeKind.Score or TypeKind.Distance:
                return TryParseDouble(span, type, position, out value);
            case TypeKind.Decimal:
                if (!decimal.TryParse(
                    span, FloatStyle, CultureInfo.InvariantCulture, out decimal number))
                {
                    return false;
                }

                value = Value.Of(DecimalScale.Fit(number, type, position));
                return true;
            case TypeKind.Date:
                bool isDate = DateTimeParser.TryParseDate(span, out long days)
                    || DateTimeParser.TryParseDay(span, out days);
                value = Value.OfDate(days);
                return isDate;
            case TypeKind.Timestamp:
                bool isTime = DateTimeParser.TryParseTimestamp(span, out long microseconds);
                value = Value.OfTimestamp(microseconds);
                return isTime;
            case TypeKind.TimestampTz:
                bool isPoint = TimeZones.TryParse(text, TimeZoneInfo.Utc, out long point);
                value = Value.OfInt64(type.Kind, point);
                return isPoint;
            case TypeKind.Time:
                bool isClock = DateTimeParser.TryParseTime(span, out long clock);
                value = Value.OfTime(clock);
                return isClock;
            case TypeKind.Interval:
                bool isInterval = TimeIntervalText.TryParse(text, out TimeInterval interval);
                value = Value.Of(interval);
                return isInterval;
            case TypeKind.Uuid:
                bool isUuid = Guid.TryParse(span, out Guid uuid);
                value = Value.Of(uuid);
                return isUuid;
            default:
                return false;
        }
    }

    private static bool TryParseBoolean(ReadOnlySpan<char> text, out Value value)
    {
        Span<char> lower = stackalloc char[8];
        bool? truth = null;
        if (text.Length is > 0 and <= 8)
        {
            lower = lower[..text.ToLowerInvariant(lower)];
            truth = lower switch
            {
                "true" or "t" or "yes" or "y" or "on" or "1" => true,
                "false" or "f" or "no" or "n" or "off" or "0" => false,
                _ => null,
            };
        }

        value = truth is null ? default : Value.Of(truth.Value);
        return truth is not null;
    }

    private static bool TryParseInteger(
        ReadOnlySpan<char> text, DataType type, SourcePosition position, out Value value)
    {
        if (!Int128.TryParse(
            text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out Int128 wide))
        {
            value = default;
            return false;
        }

        if (wide < long.MinValue || wide > long.MaxValue || !type.HasInteger((long)wide))
        {
            throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange, $"{text} does not fit {type}.", position);
        }

        value = Value.OfInt64(type.Kind, (long)wide);
        return true;
    }

    private static bool TryParseDouble(
        ReadOnlySpan<char> text, DataType type, SourcePosition position, out Value value)
    {
        bool valid = double.TryParse(
            text, FloatStyle, CultureInfo.InvariantCulture, out double number)
            || TryParseInfinity(text, out number);
        if (valid && type.Kind == TypeKind.Real)
        {
            float narrow = (float)number;
            if (float.IsInfinity(narrow) && double.IsFinite(number))
            {
                throw new NeuroStoreException(
                    ErrorCode.NumericOutOfRange, $"{text} does not fit {type}.", position);
            }

            number = narrow;
        }

        value = Value.OfDouble(type.Kind, number);
        return valid;
    }

    // The short words of PostgreSQL; those in full are known already.
    private static bool TryParseInfinity(ReadOnlySpan<char> text, out double number)
    {
        bool isNegative = text is ['-', ..];
        number = isNegative ? double.NegativeInfinity : double.PositiveInfinity;
        return text[(text is ['-' or '+', ..] ? 1 : 0)..]
            .Equals("inf", StringComparison.OrdinalIgnoreCase);
    }

    private static byte[] ParseBlob(string text, SourcePosition position)
    {
        if (!text.StartsWith("\\x", StringComparison.OrdinalIgnoreCase))
        {
            return Encoding.UTF8.GetBytes(text);
        }

        try
        {
            return Convert.FromHexString(text.AsSpan(2));
        }
        catch (FormatException)
        {
            throw Invalid(text, DataType.Blob, position);
        }
    }

    private static string CheckJson(string text, SourcePosition position)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return text;
        }
        catch (JsonException error)
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidText,
                $"'{ValueText.Shorten(text)}' is not JSON: {error.Message}",
                position,
                error);
        }
    }

    private static string Example(DataType type) => type.Kind switch
    {
        TypeKind.Boolean => "true or false",
        TypeKind.Integer or TypeKind.BigInt => "digits such as -42",
        TypeKind.Date => "2026-11-20",
        TypeKind.Timestamp => "2026-11-20 12:30:00.5",
        TypeKind.TimestampTz => "2026-11-20 12:30:00.5+01",
        TypeKind.Time => "12:30:00.5",
        TypeKind.Interval => "1 year 2 days 03:04:05",
        TypeKind.Array => "elements in braces such as {1,2,NULL}",
        TypeKind.Struct => "fields in braces such as {'a': 1}, or values as in (1,x)",
        TypeKind.Map => "keys and values in braces such as {a=1, b=2}",
        TypeKind.BitString => "the digits 0 and 1",
        TypeKind.Uuid => "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        TypeKind.Blob => "\\x and pairs of hexadecimal digits",
        _ => "a number such as 12.5",
    };
}
