using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace NeuroDb.Query;

/// <summary>
/// Arrays as bytes whose order is that of the arrays: element by element, NULL behind every value,
/// shorter first; equal arrays have equal bytes. So everything that orders, hashes and stores bytes
/// does so with arrays. The first byte is the kind of the elements; each element is a byte, 1 for a
/// value and 2 for NULL, and its bytes, as many for each of a kind of numbers. Decimals have no
/// zeros at their end.
/// </summary>
internal static class ArrayCodec
{
    private const byte ValueMark = 1;
    private const byte NullMark = 2;
    private const byte NegativeDecimal = 0;
    private const byte ZeroDecimal = 1;
    private const byte PositiveDecimal = 2;
    private const int ExponentBias = 64;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The array of values, each of the kind or NULL.</summary>
    public static byte[] Encode(TypeKind element, IEnumerable<Value> values)
    {
        var writer = new ArrayBufferWriter<byte>();
        Put(writer, (byte)element);
        int width = WidthOf(element);
        foreach (Value value in values)
        {
            Put(writer, value.IsNull ? NullMark : ValueMark);
            if (!value.IsNull)
            {
                WriteValue(writer, element, value);
            }
            else if (width > 0)
            {
                writer.GetSpan(width)[..width].Clear();
                writer.Advance(width);
            }
        }

        if (writer.WrittenCount > Limits.ValueSizeBytesMax)
        {
            throw new ResourceLimitException(
                ErrorCode.ResourceLimit, $"An array has over {Limits.ValueSizeBytesMax} bytes.");
        }

        return writer.WrittenSpan.ToArray();
    }

    /// <summary>The array as a value.</summary>
    public static Value ToValue(TypeKind element, IEnumerable<Value> values) =>
        Value.OfBytes(TypeKind.Array, Encode(element, values));

    /// <summary>The kind of the elements.</summary>
    public static TypeKind ElementOf(byte[] array) => (TypeKind)array[0];

    /// <summary>How many elements.</summary>
    public static int CountOf(byte[] array)
    {
        int width = WidthOf(ElementOf(array));
        if (width > 0)
        {
            return (array.Length - 1) / (width + 1);
        }

        int count = 0;
        for (int at = 1; at < array.Length; at = EndOf(array, at))
        {
            count++;
        }

        return count;
    }

    /// <summary>All elements.</summary>
    public static List<Value> Decode(byte[] array)
    {
        var values = new List<Value>();
        for (int at = 1; at < array.Length; at = EndOf(array, at))
        {
            values.Add(ReadValue(array, at));
        }

        return values;
    }

    /// <summary>An element by its place from 1; NULL where there is none.</summary>
    public static Value ElementAt(byte[] array, long place)
    {
        int at = OffsetOf(array, place);
        return at < array.Length ? ReadValue(array, at) : Value.Null;
    }

    /// <summary>The elements of some places; both are of the slice.</summary>
    public static byte[] Slice(byte[] array, long first, long last)
    {
        int start = OffsetOf(array, Math.Max(first, 1));
        int end = last < 1
            ? start
            : Math.Max(start, OffsetOf(array, Math.Min(last, int.MaxValue) + 1));
        return [array[0], .. array.AsSpan(start, end - start)];
    }

    /// <summary>Both one behind the other; the elements are of one kind.</summary>
    public static byte[] Concatenate(byte[] left, byte[] right)
    {
        Invariant.Check(left[0] == right[0]);
        return [.. left, .. right.AsSpan(1)];
    }

    private static int WidthOf(TypeKind element) => element switch
    {
        TypeKind.Boolean => 1,
        TypeKind.Integer or TypeKind.Date or TypeKind.Real => sizeof(int),
        TypeKind.Uuid => 16,
        TypeKind.Text or TypeKind.Json or TypeKind.Blob or TypeKind.Decimal
            or TypeKind.Array => 0,
        _ => sizeof(long),
    };

    private static int OffsetOf(byte[] array, long place)
    {
        int width = WidthOf(ElementOf(array));
        if (place < 1)
        {
            return array.Length;
        }

        if (width > 0)
        {
            return (int)Int128.Min(array.Length, 1 + ((Int128)(place - 1) * (width + 1)));
        }

        int at = 1;
        for (long i = 1; i < place && at < array.Length; i++)
        {
            at = EndOf(array, at);
        }

        return at;
    }

    private static int EndOf(byte[] array, int at)
    {
        TypeKind element = ElementOf(array);
        int width = WidthOf(element);
        if (width > 0)
        {
            return at + 1 + width;
        }

        if (array[at++] == NullMark)
        {
            return at;
        }

        if (element == TypeKind.Decimal)
        {
            byte end = array[at] == NegativeDecimal ? byte.MaxValue : (byte)0;
            return array[at] == ZeroDecimal ? at + 1 : array.AsSpan(at + 2).IndexOf(end) + at + 3;
        }

        while (array[at] != 0 || array[at + 1] != 0)
        {
            at += array[at] == 0 ? 2 : 1;
        }

        return at + 2;
    }

    private static void WriteValue(ArrayBufferWriter<byte> writer, TypeKind element, Value value)
    {
        switch (element)
        {
            case TypeKind.Boolean:
                Put(writer, value.AsBoolean() ? (byte)1 : (byte)0);
                break;
            case TypeKind.Integer or TypeKind.Date:
                Write(writer, (uint)checked((int)value.AsInt64()) ^ 0x80000000u);
                break;
            case TypeKind.Real:
                int narrow = BitConverter.SingleToInt32Bits((float)value.AsDouble() + 0f);
                Write(writer, (uint)(narrow < 0 ? ~narrow : narrow ^ int.MinValue));
                break;
            case TypeKind.Double:
                long bits = BitConverter.DoubleToInt64Bits(value.AsDouble() + 0.0);
                Write(writer, (ulong)(bits < 0 ? ~bits : bits ^ long.MinValue));
                break;
            case TypeKind.Uuid:
                bool isWritten = value.AsUuid().TryWriteBytes(
                    writer.GetSpan(16), bigEndian: true, out int size);
                Invariant.Check(isWritten);
                writer.Advance(size);
                break;
            case TypeKind.Decimal:
                WriteDecimal(writer, value.AsDecimal());
                break;
            case TypeKind.Text or TypeKind.Json:
                WriteBytes(writer, TextBytes(value.AsText()));
                break;
            case TypeKind.Blob or TypeKind.Array:
                WriteBytes(writer, value.AsBlob());
                break;
            default:
                Write(writer, (ulong)(value.AsInt64() ^ long.MinValue));
                break;
        }
    }

    private static Value ReadValue(byte[] array, int at)
    {
        TypeKind element = ElementOf(array);
        if (array[at++] == NullMark)
        {
            return Value.Null;
        }

        ReadOnlySpan<byte> bytes = array.AsSpan(at);
        switch (element)
        {
            case TypeKind.Boolean:
                return Value.Of(bytes[0] != 0);
            case TypeKind.Integer or TypeKind.Date:
                return Value.OfInt64(
                    element, (int)(BinaryPrimitives.ReadUInt32BigEndian(bytes) ^ 0x80000000u));
            case TypeKind.Real:
                int narrow = BinaryPrimitives.ReadInt32BigEndian(bytes);
                return Value.Of(BitConverter.Int32BitsToSingle(
                    narrow < 0 ? narrow ^ int.MinValue : ~narrow));
            case TypeKind.Double:
                long bits = BinaryPrimitives.ReadInt64BigEndian(bytes);
                return Value.Of(BitConverter.Int64BitsToDouble(
                    bits < 0 ? bits ^ long.MinValue : ~bits));
            case TypeKind.Uuid:
                return Value.Of(new Guid(bytes[..16], bigEndian: true));
            case TypeKind.Decimal:
                return Value.Of(ReadDecimal(bytes));
            case TypeKind.Text or TypeKind.Json:
                return Value.OfText(element, Encoding.UTF8.GetString(Unescape(bytes)));
            case TypeKind.Blob or TypeKind.Array:
                return Value.OfBytes(element, Unescape(bytes));
            default:
                return Value.OfInt64(
                    element, BinaryPrimitives.ReadInt64BigEndian(bytes) ^ long.MinValue);
        }
    }

    private static byte[] TextBytes(string text)
    {
        try
        {
            return Strict.GetBytes(text);
        }
        catch (EncoderFallbackException error)
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidText,
                "A text in an array has half of a surrogate pair.",
                default,
                error);
        }
    }

    // A zero byte is 0 255, the end 0 0: no text is then the beginning of another.
    private static void WriteBytes(ArrayBufferWriter<byte> writer, ReadOnlySpan<byte> bytes)
    {
        foreach (byte one in bytes)
        {
            Put(writer, one);
            if (one == 0)
            {
                Put(writer, byte.MaxValue);
            }
        }

        Put(writer, 0);
        Put(writer, 0);
    }

    private static byte[] Unescape(ReadOnlySpan<byte> bytes)
    {
        var result = new ArrayBufferWriter<byte>();
        for (int at = 0; bytes[at] != 0 || bytes[at + 1] != 0; at++)
        {
            Put(result, bytes[at]);
            at += bytes[at] == 0 ? 1 : 0;
        }

        return result.WrittenSpan.ToArray();
    }

    // 0.d1d2.. x 10^e with d1 above 0: sign, e, the digits, an end; inverted below zero.
    private static void WriteDecimal(ArrayBufferWriter<byte> writer, decimal number)
    {
        if (number == 0)
        {
            Put(writer, ZeroDecimal);
            return;
        }

        Span<int> parts = stackalloc int[4];
        decimal.GetBits(number, parts);
        UInt128 mantissa = ((UInt128)(uint)parts[2] << 64)
            | ((UInt128)(uint)parts[1] << 32) | (uint)parts[0];
        string digits = mantissa.ToString(CultureInfo.InvariantCulture);
        int exponent = digits.Length - number.Scale;
        byte flip = number < 0 ? byte.MaxValue : (byte)0;
        Put(writer, number < 0 ? NegativeDecimal : PositiveDecimal);
        Put(writer, (byte)((exponent + ExponentBias) ^ flip));
        foreach (char digit in digits.TrimEnd('0'))
        {
            Put(writer, (byte)((digit - '0' + 1) ^ flip));
        }

        Put(writer, flip);
    }

    private static decimal ReadDecimal(ReadOnlySpan<byte> bytes)
    {
        if (bytes[0] == ZeroDecimal)
        {
            return 0;
        }

        bool isNegative = bytes[0] == NegativeDecimal;
        byte flip = isNegative ? byte.MaxValue : (byte)0;
        int exponent = (bytes[1] ^ flip) - ExponentBias;
        UInt128 mantissa = 0;
        int count = 0;
        for (; bytes[count + 2] != flip; count++)
        {
            mantissa = (mantissa * 10) + (UInt128)((bytes[count + 2] ^ flip) - 1);
        }

        for (; count < exponent; count++)
        {
            mantissa *= 10;
        }

        return new decimal(
            (int)(uint)mantissa, (int)(uint)(mantissa >> 32), (int)(uint)(mantissa >> 64),
            isNegative, (byte)(count - exponent));
    }

    private static void Put(ArrayBufferWriter<byte> writer, byte value)
    {
        writer.GetSpan(1)[0] = value;
        writer.Advance(1);
    }

    private static void Write(ArrayBufferWriter<byte> writer, uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(writer.GetSpan(sizeof(uint)), value);
        writer.Advance(sizeof(uint));
    }

    private static void Write(ArrayBufferWriter<byte> writer, ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(writer.GetSpan(sizeof(ulong)), value);
        writer.Advance(sizeof(ulong));
    }
}
