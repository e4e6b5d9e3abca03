using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace NeuroDb.Query;

/// <summary>
/// Functions of bytes as in PostgreSQL and its pgcrypto: single bytes and bits, character sets,
/// checksums, digests and their keyed forms. A text literal where bytes are expected is read as
/// BLOB, so '\x01' is one byte.
/// </summary>
internal static class ByteFunctions
{
    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        new("get_byte", 2, 2, call => call.Make(
            DataType.Integer,
            RowLoops.Of<byte[], long, long>(static (bytes, at) => bytes[Place(at, bytes.Length)]),
            [Bytes(call, 0), call.Whole(1)])),
        new("set_byte", 3, 3, call => call.Make(
            DataType.Blob,
            RowLoops.Of<byte[], long, long, byte[]>(static (bytes, at, value) =>
            {
                byte[] copy = [.. bytes];
                copy[Place(at, bytes.Length)] = (byte)value;
                return copy;
            }),
            [Bytes(call, 0), call.Whole(1), call.Whole(2)])),
        new("get_bit", 2, 2, call => IsOfBits(call) ? BitFunctions.Get(call) : call.Make(
            DataType.Integer,
            RowLoops.Of<byte[], long, long>(static (bytes, at) =>
                (bytes[Place(at, bytes.Length * 8L) / 8] >> (int)(at % 8)) & 1),
            [Bytes(call, 0), call.Whole(1)])),
        new("set_bit", 3, 3, call => IsOfBits(call) ? BitFunctions.Set(call) : call.Make(
            DataType.Blob,
            RowLoops.Of<byte[], long, long, byte[]>(SetBit),
            [Bytes(call, 0), call.Whole(1), call.Whole(2)])),
        new("convert_from", 2, 2, call => call.Make(
            DataType.Text,
            RowLoops.Of<byte[], string, string>(static (bytes, name) => Decode(bytes, name)),
            [Bytes(call, 0), call.Text(1)])),
        new("convert_to", 2, 2, call => call.Make(
            DataType.Blob,
            RowLoops.Of<string, string, byte[]>(static (text, name) =>
                CharacterSet(name).GetBytes(text)),
            [call.Text(0), call.Text(1)])),
        new("crc32", 1, 1, call => Checksum(call, 0xEDB88320)),
        new("crc32c", 1, 1, call => Checksum(call, 0x82F63B78)),
        OfDigest("sha1", SHA1.HashData),
        OfDigest("sha384", SHA384.HashData),
        OfDigest("sha512", SHA512.HashData),
        new("digest", 2, 2, call => call.Make(
            DataType.Blob,
            RowLoops.Of<byte[], string, byte[]>(static (bytes, name) =>
                CryptographicOperations.HashData(Algorithm(name), bytes)),
            [Bytes(call, 0), call.Text(1)])),
        new("hmac", 3, 3, call => call.Make(
            DataType.Blob,
            RowLoops.Of<byte[], byte[], string, byte[]>(static (bytes, key, name) =>
                CryptographicOperations.HmacData(Algorithm(name), key, bytes)),
            [Bytes(call, 0), Bytes(call, 1), call.Text(2)])),
    ];

    /// <summary>An argument as BLOB: a literal as it reads, another text in UTF-8.</summary>
    public static Expression Bytes(FunctionCall call, int ordinal) =>
        call.TypeOf(ordinal).Kind == TypeKind.Blob || Coercion.IsFlexible(call.Arguments[ordinal])
            ? Coercion.To(call.Arguments[ordinal], DataType.Blob, call.Position)
            : ExpressionFactory.Call(
                "unhex",
                [ExpressionFactory.Call("hex", [call.Text(ordinal)], call.Position)],
                call.Position);

    /// <summary>Bytes without those of a set at their ends.</summary>
    public static Expression Trim(FunctionCall call, bool start, bool end) => call.Make(
        DataType.Blob,
        RowLoops.Of<byte[], byte[], byte[]>((bytes, set) =>
        {
            ReadOnlySpan<byte> trimmed = bytes;
            trimmed = start ? trimmed.TrimStart(set) : trimmed;
            trimmed = end ? trimmed.TrimEnd(set) : trimmed;
            return trimmed.ToArray();
        }),
        [call.Arguments[0], Bytes(call, 1)]);

    /// <summary>The escape format: bytes that do not print as three octal digits.</summary>
    public static string Escape(byte[] bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (byte value in bytes)
        {
            if (value == '\\')
            {
                text.Append(@"\\");
            }
            else if (value is 0 or > 127)
            {
                text.Append('\\').Append(Convert.ToString(value, 8).PadLeft(3, '0'));
            }
            else
            {
                text.Append((char)value);
            }
        }

        return text.ToString();
    }

    /// <summary>The bytes of a text in the escape format.</summary>
    /// <exception cref="FormatException">A backslash stands before something else.</exception>
    public static byte[] Unescape(string text)
    {
        List<byte> bytes = new(text.Length);
        byte[] source = Encoding.UTF8.GetBytes(text);
        for (int i = 0; i < source.Length; i++)
        {
            if (source[i] != '\\')
            {
                bytes.Add(source[i]);
            }
            else if (i + 1 < source.Length && source[i + 1] == '\\')
            {
                bytes.Add(source[++i]);
            }
            else
            {
                string octal = i + 3 < source.Length
                    ? Encoding.ASCII.GetString(source, i + 1, 3)
                    : "";
                bytes.Add(octal.Length == 3 && octal[0] is >= '0' and <= '3'
                    && octal.All(static c => c is >= '0' and <= '7')
                    ? Convert.ToByte(octal, 8)
                    : throw new FormatException());
                i += 3;
            }
        }

        return [.. bytes];
    }

    private static FunctionDefinition OfDigest(string name, Func<byte[], byte[]> hash) =>
        new(name, 1, 1, call => call.Make(
            DataType.Text,
            RowLoops.Of<byte[], string>(bytes => Convert.ToHexStringLower(hash(bytes))),
            [Bytes(call, 0)]));

    private static bool IsOfBits(FunctionCall call) =>
        call.TypeOf(0).Kind == TypeKind.BitString;

    private static int Place(long at, long count) => at >= 0 && at < count
        ? (int)Math.Min(at, int.MaxValue)
        : throw new NeuroStoreException(
            ErrorCode.NumericOutOfRange,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Place {at} lies outside the value, whose places are 0 to {count - 1}."));

    private static byte[] SetBit(byte[] bytes, long at, long value)
    {
        byte[] copy = [.. bytes];
        int place = Place(at, bytes.Length * 8L);
        byte mask = (byte)(1 << (place % 8));
        copy[place / 8] = value switch
        {
            0 => (byte)(copy[place / 8] & ~mask),
            1 => (byte)(copy[place / 8] | mask),
            _ => throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange, "A bit is 0 or 1."),
        };
        return copy;
    }

    private static Encoding CharacterSet(string name) =>
        name.ToUpperInvariant().Replace("-", "", StringComparison.Ordinal)
            .Replace("_", "", StringComparison.Ordinal) switch
        {
            "UTF8" or "UNICODE" => new UTF8Encoding(false, throwOnInvalidBytes: true),
            "LATIN1" or "ISO88591" => Encoding.Latin1,
            "SQLASCII" or "ASCII" => Encoding.ASCII,
            _ => throw new NeuroStoreException(
                ErrorCode.InvalidText,
                $"There is no character set '{ValueText.Shorten(name)}'; there are UTF8, LATIN1 "
                + "and SQL_ASCII."),
        };

    private static string Decode(byte[] bytes, string name)
    {
        try
        {
            return CharacterSet(name).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new NeuroStoreException(
                ErrorCode.InvalidText, $"The bytes are no text in {name}.");
        }
    }

    private static HashAlgorithmName Algorithm(string name) =>
        name.ToLowerInvariant() switch
        {
            "md5" => HashAlgorithmName.MD5,
            "sha1" => HashAlgorithmName.SHA1,
            "sha256" => HashAlgorithmName.SHA256,
            "sha384" => HashAlgorithmName.SHA384,
            "sha512" => HashAlgorithmName.SHA512,
            _ => throw new NeuroStoreException(
                ErrorCode.InvalidText,
                $"There is no digest '{ValueText.Shorten(name)}'; there are md5, sha1, sha256, "
                + "sha384 and sha512."),
        };

    private static Expression Checksum(FunctionCall call, uint polynomial) => call.Make(
        DataType.BigInt,
        RowLoops.Of<byte[], long>(bytes =>
        {
            uint sum = uint.MaxValue;
            foreach (byte value in bytes)
            {
                sum ^= value;
                for (int bit = 0; bit < 8; bit++)
                {
                    sum = (sum & 1) == 0 ? sum >> 1 : (sum >> 1) ^ polynomial;
                }
            }

            return ~sum;
        }),
        [Bytes(call, 0)]);
}
