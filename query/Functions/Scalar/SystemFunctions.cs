using System.Runtime.InteropServices;

namespace NeuroDb.Query;

/// <summary>
/// typeof, quote, random values, and what the session's last changes were.
/// </summary>
internal static class SystemFunctions
{
    private static readonly SystemRandomSource Source = new();

    /// <summary>The functions.</summary>
    public static readonly FunctionDefinition[] Definitions =
    [
        new("typeof", 1, 1, TypeOf),
        new("quote", 1, 1, call => call.Make(DataType.Text, Quote, call.Arguments)),
        new("random", 0, 0, call => call.Make(
            DataType.BigInt, RandomIntegers, [], FunctionVolatility.Volatile)),
        new("gen_random_uuid", 0, 0, call => call.Make(
            DataType.Uuid, RandomUuids, [], FunctionVolatility.Volatile)),
        new("randomblob", 1, 1, call => call.Make(
            DataType.Blob,
            RowLoops.Of<long, byte[]>(RandomBytes),
            [call.Whole(0)],
            FunctionVolatility.Volatile)),
        new("zeroblob", 1, 1, call => call.Make(
            DataType.Blob,
            RowLoops.Of<long, byte[]>(size => new byte[CheckSize(size)]),
            [call.Whole(0)])),
        new("likely", 1, 1, call => call.Arguments[0]),
        new("unlikely", 1, 1, call => call.Arguments[0]),
        new("likelihood", 2, 2, call => call.Arguments[0]),
        OfSession("last_insert_rowid", changes => changes.LastRowId),
        OfSession("changes", changes => changes.LastCount),
        OfSession("total_changes", changes => changes.TotalCount),
    ];

    private static FunctionDefinition OfSession(string name, Func<ChangeCounters, long> read) =>
        new(name, 0, 0, call => call.Make(
            DataType.BigInt,
            (_, run) =>
            {
                var result = new long[run.Count];
                result.AsSpan().Fill(read(run.Context.Changes));
                return new ColumnBuffer<long>(DataType.BigInt, result);
            },
            [],
            FunctionVolatility.Stable));

    private static int CheckSize(long size) => size <= Limits.ValueSizeBytesMax
        ? (int)Math.Max(size, 0)
        : throw new NeuroStoreException(
            ErrorCode.ResourceLimit,
            $"A blob of {size} bytes is longer than the limit of {Limits.ValueSizeBytesMax}.");

    /// <summary>Random bytes, one at least, as in SQLite.</summary>
    private static byte[] RandomBytes(long size)
    {
        var bytes = new byte[CheckSize(Math.Max(size, 1))];
        Span<ulong> word = stackalloc ulong[1];
        for (int i = 0; i < bytes.Length; i += sizeof(ulong))
        {
            word[0] = Source.NextUInt64();
            int count = Math.Min(sizeof(ulong), bytes.Length - i);
            MemoryMarshal.AsBytes(word)[..count].CopyTo(bytes.AsSpan(i));
        }

        return bytes;
    }

    /// <summary>The name of the type in lower case; "null" for NULL.</summary>
    private static Expression TypeOf(FunctionCall call)
    {
        string name = call.TypeOf(0) is { Shape: null } plain
            ? plain.ToString().ToLowerInvariant()
            : call.TypeOf(0).ToString();
        return ExpressionFactory.Case(
            null,
            [(ExpressionFactory.IsNull(call.Arguments[0], negated: false),
                ExpressionFactory.Literal(Value.Of("null"), call.Position))],
            ExpressionFactory.Literal(Value.Of(name), call.Position),
            call.Position);
    }

    /// <summary>The value as an SQL literal.</summary>
    private static ColumnBuffer Quote(ColumnBuffer[] arguments, FunctionRun run)
    {
        var result = new string[run.Count];
        for (int i = 0; i < result.Length; i++)
        {
            Value value = arguments[0].GetValue(arguments[0].Count == 1 ? 0 : i);
            result[i] = value.Kind switch
            {
                TypeKind.Null => "NULL",
                TypeKind.Blob => $"X'{Convert.ToHexString(value.AsBlob())}'",
                TypeKind.Boolean or TypeKind.Integer or TypeKind.BigInt or TypeKind.Real
                    or TypeKind.Double or TypeKind.Decimal => ValueText.Format(value),
                _ => $"'{ValueText.Format(value).Replace("'", "''", StringComparison.Ordinal)}'",
            };
        }

        return new ColumnBuffer<string>(DataType.Text, result);
    }

    private static ColumnBuffer RandomIntegers(ColumnBuffer[] arguments, FunctionRun run)
    {
        var result = new long[run.Count];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = (long)Source.NextUInt64();
        }

        return new ColumnBuffer<long>(DataType.BigInt, result);
    }

    /// <summary>UUIDs of version 4 (RFC 9562, section 5.4).</summary>
    private static ColumnBuffer RandomUuids(ColumnBuffer[] arguments, FunctionRun run)
    {
        var result = new Guid[run.Count];
        Span<ulong> words = stackalloc ulong[2];
        Span<byte> bytes = MemoryMarshal.AsBytes(words);
        for (int i = 0; i < result.Length; i++)
        {
            words[0] = Source.NextUInt64();
            words[1] = Source.NextUInt64();
            bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
            bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
            result[i] = new Guid(bytes, bigEndian: true);
        }

        return new ColumnBuffer<Guid>(DataType.Uuid, result);
    }
}
