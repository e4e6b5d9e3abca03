namespace NeuroDb.Tests.Unit;

/// <summary>Columns of every type whose values lead to every encoding.</summary>
internal static class SegmentColumns
{
    /// <summary>The row counts at which something changes.</summary>
    public static readonly int[] Counts =
        [1, 2, 7, 8, 63, 64, 65, 511, 513, 4095, 4096, 4097, 9000];

    /// <summary>Which rows are NULL, by the name of the pattern.</summary>
    public static readonly Dictionary<string, Func<int, bool>> NullPatterns = new()
    {
        ["none"] = _ => false,
        ["all"] = _ => true,
        ["every third"] = row => row % 3 == 0,
        ["the first rows"] = row => row < 70,
        ["one"] = row => row == 5,
        ["all but one"] = row => row != 5,
    };

    /// <summary>The columns: a name, a type, and the value of each row.</summary>
    public static readonly (string Name, DataType Type, Func<int, Value> ValueOf)[] All =
    [
        ("constant", DataType.BigInt, _ => Value.Of(-17L)),
        ("small", DataType.Integer, row => Value.Of((int)(Mix(row) % 100))),
        ("wide", DataType.BigInt, row => Value.Of((long)Mix(row))),
        ("ascending", DataType.BigInt, row => Value.Of((row * 1_000_003L) + 5)),
        ("descending", DataType.BigInt, row => Value.Of(long.MaxValue - (row * 3L))),
        ("extremes", DataType.BigInt, row => Value.Of(
            (row % 3) switch { 0 => long.MinValue, 1 => long.MaxValue, _ => 0L })),
        ("runs", DataType.BigInt, row => Value.Of((long)Mix(row / 400))),
        ("few", DataType.BigInt, row => Value.Of((long)Mix((int)(Mix(row) % 11)))),
        ("walk", DataType.Timestamp, row => Value.OfTimestamp(
            (row * 1_000_000L) + (long)(Mix(row) % 1000))),
        ("day", DataType.Date, row => Value.OfDate(row / 7)),
        ("truth", DataType.Boolean, row => Value.Of(Mix(row) % 2 == 0)),
        ("real", DataType.Real, row => Value.Of((float)Mix(row) / 7)),
        ("double", DataType.Double, row => Value.Of(Mix(row) / 3.0)),
        ("odd doubles", DataType.Double, row => Value.Of(OddDouble(row))),
        ("zeros", DataType.Double, row => Value.Of(row % 2 == 0 ? 0.0 : -0.0)),
        ("price", DataType.DecimalOf(10, 2), row => Value.Of(
            new decimal((int)(Mix(row) % 100_000), 0, 0, row % 5 == 1, 2))),
        ("odd decimals", DataType.Decimal, row => Value.Of(OddDecimal(row))),
        ("few decimals", DataType.Decimal, row => Value.Of(OddDecimal((int)(Mix(row) % 5)))),
        ("uuid", DataType.Uuid, row => Value.Of(UuidOf(row))),
        ("few uuids", DataType.Uuid, row => Value.Of(UuidOf((int)(Mix(row) % 9)))),
        ("one uuid", DataType.Uuid, _ => Value.Of(UuidOf(1))),
        ("text", DataType.Text, row => Value.Of(TextOf(row))),
        ("few texts", DataType.Text, row => Value.Of(TextOf((int)(Mix(row) % 20)))),
        ("empty texts", DataType.Text, _ => Value.Of("")),
        ("json", DataType.Json, row => Value.OfJson($"{{\"n\":{row}}}")),
        ("blob", DataType.Blob, row => Value.Of(BlobOf(row))),
        ("few blobs", DataType.Blob, row => Value.Of(BlobOf((int)(Mix(row) % 6)))),
        ("vector of 16", DataType.VectorOf(16), row => Value.Of(VectorOf(row, 16))),
        ("vector of 3", DataType.VectorOf(3), row => Value.Of(VectorOf(row, 3))),
        ("vector of 60", DataType.VectorOf(60), row => Value.Of(VectorOf(row, 60))),
        ("halves", DataType.HalfVectorOf(24), row => CompactOf(TypeKind.HalfVector, row, 24)),
        ("few halves", DataType.HalfVectorOf(100), row =>
            CompactOf(TypeKind.HalfVector, row, 100)),
        ("int8", DataType.Int8VectorOf(64), row => CompactOf(TypeKind.Int8Vector, row, 64)),
        ("few int8", DataType.Int8VectorOf(3), row => CompactOf(TypeKind.Int8Vector, row, 3)),
        ("bits", DataType.BitVectorOf(768), row => CompactOf(TypeKind.BitVector, row, 768)),
        ("few bits", DataType.BitVectorOf(11), row => CompactOf(TypeKind.BitVector, row, 11)),
        ("any halves", DataType.HalfVectorOf(0), row =>
            CompactOf(TypeKind.HalfVector, row, 1 + (row % 9))),
        ("any bits", DataType.BitVectorOf(0), row =>
            CompactOf(TypeKind.BitVector, row, 1 + (row % 19))),
        ("any vector", DataType.VectorOf(0), row => Value.Of(VectorOf(row, row % 9))),
    ];

    /// <summary>A number that looks random, the same every time.</summary>
    public static ulong Mix(int row) => Hash64.Mix((ulong)row + 0xABCDEF);

    /// <summary>A compact vector whose elements look random.</summary>
    public static Value CompactOf(TypeKind kind, int row, int dimension)
    {
        var bytes = new byte[CompactVector.SizeBytesOf(kind, dimension)];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)(Mix((row * 1000) + i) & 0x7B);
        }

        if (kind == TypeKind.BitVector && dimension % 8 != 0)
        {
            bytes[^1] &= (byte)((1 << (dimension % 8)) - 1);
        }

        return Value.Of(kind, new CompactVector(bytes, dimension));
    }

    private static double OddDouble(int row) => (row % 7) switch
    {
        0 => BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_0123),
        1 => BitConverter.Int64BitsToDouble(0x7FF0_0000_0000_0001),
        2 => double.NegativeInfinity,
        3 => double.Epsilon,
        4 => -0.0,
        5 => BitConverter.Int64BitsToDouble((long)Mix(row)),
        _ => row,
    };

    private static decimal OddDecimal(int row) => (row % 6) switch
    {
        0 => decimal.MaxValue,
        1 => 1.0m,
        2 => 1.000m,
        3 => new decimal(0, 0, 0, isNegative: true, 5),
        4 => -0.0000000000000000000000000001m,
        _ => row,
    };

    private static Guid UuidOf(int row)
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, Mix(row));
        BitConverter.TryWriteBytes(bytes[8..], Mix(~row));
        return new Guid(bytes);
    }

    private static string TextOf(int row) => (row % 5) switch
    {
        0 => "",
        1 => $"row {row}",
        2 => $"\u00e4\u4e16\U0001F600 {Mix(row)}",
        3 => new string((char)('a' + (row % 26)), row % 90),
        _ => $"\0{row}",
    };

    private static byte[] BlobOf(int row)
    {
        var blob = new byte[row % 41];
        blob.AsSpan().Fill((byte)Mix(row));
        return blob;
    }

    private static ReadOnlyMemory<float> VectorOf(int row, int dimension)
    {
        var vector = new float[dimension];
        for (int i = 0; i < dimension; i++)
        {
            vector[i] = (float)((Mix(row + i) % 2001) / 1000.0) - 1;
        }

        return vector;
    }
}
