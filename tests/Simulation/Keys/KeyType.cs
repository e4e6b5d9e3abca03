using System.Globalization;

namespace NeuroDb.Tests.Simulation;

/// <summary>
/// A type of keys as the model knows it: values that hurt, when two are equal, and their order.
/// </summary>
/// <param name="Sql">The name of the type, with its collation.</param>
/// <param name="Make">A value of 64 bits; nearly always in their order.</param>
/// <param name="Fold">What equal values have in common, and others have not.</param>
/// <param name="Compare">The order of ORDER BY.</param>
internal sealed record KeyType(
    string Sql,
    Func<ulong, object> Make,
    Func<object, string> Fold,
    Comparison<object> Compare)
{
    /// <summary>All types.</summary>
    public static IReadOnlyList<KeyType> All { get; } =
    [
        Of("BIGINT", static raw => (long)(raw ^ (1UL << 63))),
        Of("UBIGINT", static raw => raw),
        Of("INTEGER", static raw => (int)raw),
        Of("DOUBLE", Number) with
        {
            Fold = static value => Text((double)value + 0.0),
        },
        Of("DECIMAL(24, 4)", Money),
        Of("TIMESTAMP", static raw => new DateTime((long)(raw % Moments) * 10)),
        Of("UUID", static raw => Uuid(raw, raw)) with { Compare = CompareUuids },
        Of("UUID", static raw => Uuid(0x5A5A_5A5A_5A5A_5A5A, raw)) with { Compare = CompareUuids },
        Words("TEXT", LongText, static text => text),
        Words("TEXT", ShortText, static text => text),
        Words("TEXT COLLATE nocase", MixedCase, static text => text.ToLowerInvariant()),
        Words("TEXT COLLATE rtrim", Padded, static text => text.TrimEnd(' ')),
        Of("BLOB", Bytes) with
        {
            Compare = static (a, b) =>
                ((byte[])a).AsSpan().SequenceCompareTo(((byte[])b).AsSpan()),
        },
    ];

    private const ulong Moments = 315_537_897_600_000_000;
    private static readonly string[] Runes =
        ["\0", "a", "z", "\u00E9", "\uD7FF", "\uE000", "\uFFFF", "\U0001F600", "\U0010FFFF"];

    /// <summary>Whether LIKE finds what begins like a value.</summary>
    public bool HasPrefixes => Sql == "TEXT";

    /// <summary>Whether two values are equal; NULL is to nothing.</summary>
    public bool AreEqual(object? a, object? b) =>
        a is not null && b is not null && Compare(a, b) == 0;

    /// <summary>The value as text, different for all that are stored differently.</summary>
    public static string Text(object? value) => value switch
    {
        null => "NULL",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        decimal number => number.ToString("F4", CultureInfo.InvariantCulture),
        DateTime moment => moment.Ticks.ToString(CultureInfo.InvariantCulture),
        byte[] bytes => Convert.ToHexString(bytes),
        ReadOnlyMemory<byte> bytes => Convert.ToHexString(bytes.Span),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => (string)value,
    };

    private static KeyType Of(string sql, Func<ulong, object> make) => new(
        sql, make, Text, static (a, b) => ((IComparable)a).CompareTo(b));

    private static KeyType Words(
        string sql, Func<ulong, object> make, Func<string, string> fold) => new(
        sql,
        make,
        value => fold((string)value),
        (a, b) => CompareTexts(fold((string)a), fold((string)b)));

    // As UTF-8: where the first difference is of a surrogate, that one is greater.
    private static int CompareTexts(string a, string b)
    {
        int common = a.AsSpan().CommonPrefixLength(b);
        if (common == a.Length || common == b.Length)
        {
            return a.Length - b.Length;
        }

        int surrogates = (char.IsSurrogate(a[common]) ? 1 : 0)
            - (char.IsSurrogate(b[common]) ? 1 : 0);
        return surrogates != 0 ? surrogates : a[common] - b[common];
    }

    private static object Number(ulong raw)
    {
        double number = (raw % 23) switch
        {
            0 => double.NaN,
            1 => -0.0,
            2 => 0.0,
            3 => double.PositiveInfinity,
            4 => double.NegativeInfinity,
            _ => BitConverter.UInt64BitsToDouble(raw >> 63 == 1 ? raw ^ (1UL << 63) : ~raw),
        };
        return double.IsNaN(number) ? double.NaN : number;
    }

    private static object Money(ulong raw) =>
        (((decimal)raw) - 9_223_372_036_854_775_808m) / 10_000m;

    private static object Uuid(ulong high, ulong low)
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low);
        return new Guid(bytes, bigEndian: true);
    }

    private static int CompareUuids(object a, object b)
    {
        Span<byte> left = stackalloc byte[16];
        Span<byte> right = stackalloc byte[16];
        ((Guid)a).TryWriteBytes(left, bigEndian: true, out _);
        ((Guid)b).TryWriteBytes(right, bigEndian: true, out _);
        return left.SequenceCompareTo(right);
    }

    private static object LongText(ulong raw)
    {
        string rune = Runes[raw % 3 == 0 ? raw / 3 % (ulong)Runes.Length : 1];
        return $"a long common beginning {rune}{raw:D20}";
    }

    private static object ShortText(ulong raw)
    {
        string text = string.Empty;
        for (int i = 0; i < (int)(raw % 7); i++)
        {
            text += Runes[(raw >> (8 * i)) % (ulong)Runes.Length];
        }

        return text;
    }

    private static object MixedCase(ulong raw)
    {
        string text = $"{raw:X16}{(char)('a' + (raw % 26))}";
        return raw % 2 == 0 ? text.ToLowerInvariant() : text;
    }

    private static object Padded(ulong raw) =>
        (raw / 4).ToString("D19", CultureInfo.InvariantCulture) + new string(' ', (int)(raw % 4));

    private static object Bytes(ulong raw)
    {
        byte[] bytes = Convert.FromHexString($"00FFEE00{raw:X16}");
        return bytes[(int)(raw % 5)..(8 + (int)(raw % 5))];
    }
}
