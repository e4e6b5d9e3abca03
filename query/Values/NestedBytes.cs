using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace NeuroDb.Query;

/// <summary>
/// The values in arrays, STRUCTs and MAPs as bytes whose order is that of the values: a byte, 1
/// for a value and 2 for NULL, and the bytes of the value, as many for each of a kind of numbers.
/// </summary>
internal static class NestedBytes
{
    private const byte ValueMark = 1;
    private const byte NullMark = 2;
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Writes a value of a kind, or NULL.</summary>
    public static void Write(ArrayBufferWriter<byte> writer, TypeKind element, Value value)
    {
        int width = WidthOf(element);
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

    /// <summary>What was written; an error if that is too much for one value.</summary>
    public static byte[] Take(ArrayBufferWriter<byte> writer, string what) =>
        writer.WrittenCount > Limits.ValueSizeBytesMax
            ? throw new ResourceLimitException(
                ErrorCode.ResourceLimit, $"{what} has over {Limits.ValueSizeBytesMax} bytes.")
            : writer.WrittenSpan.ToArray();

    /// <summary>The bytes of a value of a kind, or 0 if they differ.</summary>
    public static int WidthOf(TypeKind element) => element switch
    {
        TypeKind.Boolean => 1,
        TypeKind.Integer or TypeKind.Date or TypeKind.Real => sizeof(int),
        TypeKind.Uuid => 16,
        TypeKind.Interval => 24,
        TypeKind.Text or TypeKind.Json or TypeKind.Blob or TypeKind.Decimal
            or TypeKind.Array or TypeKind.Enum or TypeKind.Struct or TypeKind.Map
            or TypeKind.BitString or TypeKind.Vector or TypeKind.HalfVector
            or TypeKind.Int8Vector or TypeKind.BitVector => 0,
        _ => sizeof(long),
    };

    /// <summary>The offset behind the value that begins at an offset.</summary>
    public static int EndOf(TypeKind element, byte[] array, int at)
    {
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
            return at + NestedDecimals.SizeOf(array.AsSpan(at));
        }

        return EndOfText(array, at);
    }

    /// <summary>The offset behind a text that begins at an offset.</summary>
    public static int EndOfText(byte[] array, int at)
    {
        while (array[at] != 0 || array[at + 1] != 0)
        {
            at += array[at] == 0 ? 2 : 1;
        }

        return at + 2;
    }

    /// <summary>Writes a text, such as the name of a field.</summary>
    public static void WriteText(ArrayBufferWriter<byte> writer, string text) =>
        WriteBytes(writer, TextBytes(text));

    /// <summary>The text that begins at an offset.</summary>
    public static string ReadText(ReadOnlySpan<byte> bytes) =>
        Encoding.UTF8.GetString(Unescape(bytes));

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
                NestedDecimals.Write(writer, value.AsDecimal());
                break;
            case TypeKind.Text or TypeKind.Json or TypeKind.Enum or TypeKind.BitString:
                WriteText(writer, value.AsText());
                break;
            case TypeKind.Blob or TypeKind.Array or TypeKind.Struct or TypeKind.Map:
                WriteBytes(writer, value.AsBlob());
                break;
            case TypeKind.Vector or TypeKind.HalfVector or TypeKind.Int8Vector
                or TypeKind.BitVector:
                WriteBytes(writer, NestedVectors.Write(value));
                break;
            case TypeKind.Interval:
                TimeInterval interval = value.AsInterval();
                Write(writer, (ulong)(long)(interval.Span >> 64) ^ (1ul << 63));
                Write(writer, (ulong)interval.Span);
                Write(writer, (uint)interval.Months ^ 0x80000000u);
                Write(writer, (uint)interval.Days ^ 0x80000000u);
                break;
            default:
                Write(writer, (ulong)(value.AsInt64() ^ long.MinValue));
                break;
        }
    }

    /// <summary>The value that begins at an offset.</summary>
    public static Value Read(TypeKind element, byte[] array, int at)
    {
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
                return Value.Of(NestedDecimals.Read(bytes));
            case TypeKind.Text or TypeKind.Json or TypeKind.Enum or TypeKind.BitString:
                return Value.OfText(element, ReadText(bytes));
            case TypeKind.Blob or TypeKind.Array or TypeKind.Struct or TypeKind.Map:
                return Value.OfBytes(element, Unescape(bytes));
            case TypeKind.Vector or TypeKind.HalfVector or TypeKind.Int8Vector
                or TypeKind.BitVector:
                return NestedVectors.Read(element, Unescape(bytes));
            case TypeKind.Interval:
                return Value.Of(ReadInterval(bytes));
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
                "A text in an array or STRUCT has half of a surrogate pair.",
                default,
                error);
        }
    }

    // The parts below the months follow from the whole span.
    private static TimeInterval ReadInterval(ReadOnlySpan<byte> bytes)
    {
        var span = new Int128(
            BinaryPrimitives.ReadUInt64BigEndian(bytes) ^ (1ul << 63),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
        int months = (int)(BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]) ^ 0x80000000u);
        int days = (int)(BinaryPrimitives.ReadUInt32BigEndian(bytes[20..]) ^ 0x80000000u);
        Int128 whole = (((Int128)months * TimeInterval.DaysPerMonth) + days)
            * TimeInterval.MicrosecondsPerDay;
        return new TimeInterval(months, days, (long)(span - whole));
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

    /// <summary>Writes a byte.</summary>
    public static void Put(ArrayBufferWriter<byte> writer, byte value)
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
