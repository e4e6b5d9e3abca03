using System.Buffers;
using System.Globalization;

namespace NeuroDb.Query;

/// <summary>
/// Decimals as bytes that order as they do: sign, exponent, digits without zeros at their end.
/// </summary>
internal static class NestedDecimals
{
    private const byte NegativeDecimal = 0;
    private const byte ZeroDecimal = 1;
    private const byte PositiveDecimal = 2;
    private const int ExponentBias = 64;

    /// <summary>How many bytes the decimal has that stands at the beginning.</summary>
    public static int SizeOf(ReadOnlySpan<byte> bytes)
    {
        byte end = bytes[0] == NegativeDecimal ? byte.MaxValue : (byte)0;
        return bytes[0] == ZeroDecimal ? 1 : bytes[2..].IndexOf(end) + 3;
    }

    // 0.d1d2.. x 10^e with d1 above 0: sign, e, the digits, an end; inverted below zero.
    public static void Write(ArrayBufferWriter<byte> writer, decimal number)
    {
        if (number == 0)
        {
            NestedBytes.Put(writer, ZeroDecimal);
            return;
        }

        Span<int> parts = stackalloc int[4];
        decimal.GetBits(number, parts);
        UInt128 mantissa = ((UInt128)(uint)parts[2] << 64)
            | ((UInt128)(uint)parts[1] << 32) | (uint)parts[0];
        string digits = mantissa.ToString(CultureInfo.InvariantCulture);
        int exponent = digits.Length - number.Scale;
        byte flip = number < 0 ? byte.MaxValue : (byte)0;
        NestedBytes.Put(writer, number < 0 ? NegativeDecimal : PositiveDecimal);
        NestedBytes.Put(writer, (byte)((exponent + ExponentBias) ^ flip));
        foreach (char digit in digits.TrimEnd('0'))
        {
            NestedBytes.Put(writer, (byte)((digit - '0' + 1) ^ flip));
        }

        NestedBytes.Put(writer, flip);
    }

    public static decimal Read(ReadOnlySpan<byte> bytes)
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
}
