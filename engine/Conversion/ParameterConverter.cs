using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace NeuroDb;

/// <summary>
/// Turns .NET values into SQL values where they enter the engine. Arrays are copied, so that the
/// caller may reuse them; nothing of the caller's memory is kept.
/// </summary>
internal static class ParameterConverter
{
    private const long UnixEpochTicks = 621_355_968_000_000_000;
    private const int UnixEpochDayNumber = 719_162;

    /// <summary>The SQL value of a .NET value; null and <see cref="DBNull"/> are NULL.</summary>
    /// <exception cref="NotSupportedException">The type has no SQL counterpart.</exception>
    public static Value ToValue(object? value) => value switch
    {
        null or DBNull => Value.Null,
        int number => Value.Of(number),
        long number => Value.Of(number),
        string text => OfText(text),
        double number => Value.Of(number),
        bool truth => Value.Of(truth),
        float number => Value.Of(number),
        decimal number => Value.Of(number),
        DateTime time => OfDateTime(time),
        Guid identifier => Value.Of(identifier),
        // The runtime passes an array of sbyte off as one of byte.
        byte[] bytes when value.GetType() == typeof(byte[]) => OfBytes(bytes),
        float[] elements => OfVector(elements),
        ReadOnlyMemory<float> elements => OfVector(elements.Span),
        _ => FromRareType(value),
    };

    /// <summary>The SQL value of a .NET value, without boxing the common types.</summary>
    public static Value ToValue<T>(T value)
    {
        if (typeof(T) == typeof(int))
        {
            return Value.Of((int)(object)value!);
        }

        if (typeof(T) == typeof(long))
        {
            return Value.Of((long)(object)value!);
        }

        if (typeof(T) == typeof(double))
        {
            return Value.Of((double)(object)value!);
        }

        if (typeof(T) == typeof(float))
        {
            return Value.Of((float)(object)value!);
        }

        if (typeof(T) == typeof(bool))
        {
            return Value.Of((bool)(object)value!);
        }

        if (typeof(T) == typeof(DateTime))
        {
            return OfDateTime((DateTime)(object)value!);
        }

        if (typeof(T) == typeof(ReadOnlyMemory<float>))
        {
            return OfVector(((ReadOnlyMemory<float>)(object)value!).Span);
        }

        return ToValue((object?)value);
    }

    /// <summary>A TEXT, checked against the size limit.</summary>
    public static Value OfText(string text)
    {
        if (text.Length > Limits.ValueSizeBytesMax / 3
            && Encoding.UTF8.GetByteCount(text) > Limits.ValueSizeBytesMax)
        {
            throw TooLarge("text");
        }

        return Value.Of(text);
    }

    /// <summary>A BLOB of a copy of the bytes.</summary>
    public static Value OfBytes(ReadOnlySpan<byte> bytes) => bytes.Length > Limits.ValueSizeBytesMax
        ? throw TooLarge("blob")
        : Value.Of(bytes.ToArray());

    /// <summary>A VECTOR of a copy of the elements, all of which must be finite.</summary>
    public static Value OfVector(ReadOnlySpan<float> elements)
    {
        CheckVector(elements);
        return Value.Of(new ReadOnlyMemory<float>(elements.ToArray()));
    }

    /// <summary>Refuses a vector that is too long or holds NaN or an infinity.</summary>
    public static void CheckVector(ReadOnlySpan<float> elements)
    {
        if (elements.Length > Limits.VectorDimensionMax)
        {
            throw new ResourceLimitException(ErrorCode.ResourceLimit, string.Create(
                CultureInfo.InvariantCulture,
                $"A vector of {elements.Length} elements is longer than the limit of "
                + $"{Limits.VectorDimensionMax}."));
        }

        int ordinal = IndexOfNonFinite(elements);
        if (ordinal >= 0)
        {
            throw new NeuroStoreException(ErrorCode.NonFiniteVector, string.Create(
                CultureInfo.InvariantCulture,
                $"Element {ordinal + 1} of the vector is {elements[ordinal]}, no finite number."));
        }
    }

    /// <summary>
    /// A TIMESTAMP, in microseconds: local times become UTC, others keep their clock reading, and
    /// the part below a microsecond is cut.
    /// </summary>
    public static Value OfDateTime(DateTime time) => Value.OfTimestamp(ToMicroseconds(time));

    /// <summary>Microseconds since 1970-01-01, rounded toward the past.</summary>
    public static long ToMicroseconds(DateTime time)
    {
        long ticks = time.Kind == DateTimeKind.Local ? time.ToUniversalTime().Ticks : time.Ticks;
        return Math.DivRem(ticks, TimeSpan.TicksPerMicrosecond).Quotient
            - (UnixEpochTicks / TimeSpan.TicksPerMicrosecond);
    }

    /// <summary>Microseconds since midnight; the part below a microsecond is cut.</summary>
    public static long ToMicroseconds(TimeOnly time) => time.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Days since 1970-01-01.</summary>
    public static long ToDays(DateOnly date) => date.DayNumber - UnixEpochDayNumber;

    /// <summary>The clock reading of a TIMESTAMP.</summary>
    public static DateTime ToDateTime(long microseconds) =>
        new(UnixEpochTicks + (microseconds * TimeSpan.TicksPerMicrosecond));

    /// <summary>The day of a DATE.</summary>
    public static DateOnly ToDate(long days) =>
        DateOnly.FromDayNumber(checked((int)days + UnixEpochDayNumber));

    private static Value FromRareType(object value) => value switch
    {
        byte number => Value.Of((int)number),
        sbyte number => Value.Of((int)number),
        short number => Value.Of((int)number),
        ushort number => Value.Of((int)number),
        uint number => Value.Of((long)number),
        ulong number => number <= long.MaxValue
            ? Value.Of((long)number)
            : Value.Of((decimal)number),
        Half number => Value.Of((float)number),
        char character => Value.Of(character.ToString()),
        Enum member => OfEnum(member),
        DateTimeOffset time => Value.OfInt64(
            TypeKind.TimestampTz, ToMicroseconds(time.UtcDateTime)),
        TimeSpan span => Value.Of(TimeInterval.FromTimeSpan(span)),
        TimeInterval interval => Value.Of(interval),
        DateOnly date => Value.OfDate(ToDays(date)),
        TimeOnly time => Value.OfTime(ToMicroseconds(time)),
        Memory<float> elements => OfVector(elements.Span),
        ArraySegment<float> elements => OfVector(elements),
        Half[] elements => VectorParameters.OfHalves(elements),
        ReadOnlyMemory<Half> elements => VectorParameters.OfHalves(elements.Span),
        Memory<Half> elements => VectorParameters.OfHalves(elements.Span),
        sbyte[] elements when value.GetType() == typeof(sbyte[]) =>
            VectorParameters.OfInt8s(elements),
        ReadOnlyMemory<sbyte> elements => VectorParameters.OfInt8s(elements.Span),
        Memory<sbyte> elements => VectorParameters.OfInt8s(elements.Span),
        BitArray bits => VectorParameters.OfBits(bits),
        ReadOnlyMemory<byte> bytes => OfBytes(bytes.Span),
        Memory<byte> bytes => OfBytes(bytes.Span),
        ArraySegment<byte> bytes => OfBytes(bytes),
        ReadOnlyMemory<char> text => OfText(text.ToString()),
        Stream stream => Value.OfInput(TypeKind.Blob, new LargeInput(stream, null)),
        TextReader reader => Value.OfInput(TypeKind.Text, new LargeInput(null, reader)),
        JsonDocument json => Value.OfJson(json.RootElement.GetRawText()),
        JsonElement json => Value.OfJson(json.GetRawText()),
        JsonNode json => Value.OfJson(json.ToJsonString()),
        Value { Kind: TypeKind.Blob, Large: null, Input: null } blob => OfBytes(blob.AsBlob()),
        Value ready => ready,
        _ when ArrayFields.TryRead(value, out Value array) => array,
        _ when NestedFields.TryRead(value, out Value nested) => nested,
        _ => throw new NotSupportedException(
            $"A value of the .NET type {value.GetType()} has no SQL counterpart. Convert it to a "
            + "number, text, bytes, date, UUID, JSON or array of float first."),
    };

    private static Value OfEnum(Enum member)
    {
        object number = Convert.ChangeType(
            member, Enum.GetUnderlyingType(member.GetType()), CultureInfo.InvariantCulture);
        return ToValue(number);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int IndexOfNonFinite(ReadOnlySpan<float> elements)
    {
        // Infinity and NaN are those whose exponent has every bit.
        var exponent = new Vector<int>(0x7F800000);
        ReadOnlySpan<Vector<int>> wide = MemoryMarshal.Cast<float, Vector<int>>(elements);
        Vector<int> found = Vector<int>.Zero;
        foreach (Vector<int> some in wide)
        {
            found |= Vector.Equals(some & exponent, exponent);
        }

        int start = found == Vector<int>.Zero ? wide.Length * Vector<int>.Count : 0;
        for (int i = start; i < elements.Length; i++)
        {
            if (!float.IsFinite(elements[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static ResourceLimitException TooLarge(string what) => new(
        ErrorCode.ResourceLimit,
        string.Create(
            CultureInfo.InvariantCulture,
            $"The {what} is over {Limits.ValueSizeBytesMax} bytes; give it as a Stream or "
            + $"TextReader, which is read while it is stored."));
}
