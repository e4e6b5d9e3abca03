namespace NeuroDb.Query;

/// <summary>What the typed loops of the expressions share: repetition and NULL masks.</summary>
internal static class ColumnLoops
{
    /// <summary>A column that repeats the one value of a buffer.</summary>
    public static ColumnBuffer Repeat(ColumnBuffer single, int count)
    {
        Invariant.Check(single.Count == 1);
        return single switch
        {
            ColumnBuffer<long> column => Repeat(column, count),
            ColumnBuffer<double> column => Repeat(column, count),
            ColumnBuffer<decimal> column => Repeat(column, count),
            ColumnBuffer<Guid> column => Repeat(column, count),
            ColumnBuffer<TimeInterval> column => Repeat(column, count),
            ColumnBuffer<string> column => Repeat(column, count),
            ColumnBuffer<byte[]> column => Repeat(column, count),
            ColumnBuffer<ReadOnlyMemory<float>> column => Repeat(column, count),
            ColumnBuffer<CompactVector> column => Repeat(column, count),
            _ => throw Invariant.Broken("a known physical type"),
        };
    }

    /// <summary>A column of that many NULLs.</summary>
    public static ColumnBuffer AllNull(DataType type, int count) => type.Physical switch
    {
        PhysicalKind.Int64 => AllNull<long>(type, count),
        PhysicalKind.Double => AllNull<double>(type, count),
        PhysicalKind.Decimal => AllNull<decimal>(type, count),
        PhysicalKind.Uuid => AllNull<Guid>(type, count),
        PhysicalKind.Interval => AllNull<TimeInterval>(type, count),
        PhysicalKind.Text => AllNull<string>(type, count),
        PhysicalKind.Blob => AllNull<byte[]>(type, count),
        PhysicalKind.CompactVector => AllNull<CompactVector>(type, count),
        _ => AllNull<ReadOnlyMemory<float>>(type, count),
    };

    /// <summary>
    /// Which rows have a NULL in any operand: null if none has, otherwise a byte for each row in
    /// an array that the caller owns.
    /// </summary>
    public static byte[]? UnionNulls(int count, params ReadOnlySpan<ColumnBuffer> operands)
    {
        byte[]? union = null;
        foreach (ColumnBuffer operand in operands)
        {
            if (!operand.Nulls.MayHaveNulls)
            {
                continue;
            }

            if (operand.Count == 1 && count != 1)
            {
                if (operand.IsNull(0))
                {
                    union ??= new byte[count];
                    union.AsSpan().Fill(1);
                }

                continue;
            }

            ReadOnlySpan<byte> nulls = operand.Nulls.Bytes(count);
            if (union is null)
            {
                if (nulls.IndexOfAnyExcept((byte)0) >= 0)
                {
                    union = nulls.ToArray();
                }

                continue;
            }

            for (int i = 0; i < nulls.Length; i++)
            {
                union[i] |= nulls[i];
            }
        }

        return union;
    }

    /// <summary>The mask of UnionNulls as NullMask; rows beyond it have none.</summary>
    public static NullMask Mask(byte[]? nulls) => new(nulls);

    private static ColumnBuffer<T> Repeat<T>(ColumnBuffer<T> single, int count)
    {
        if (single.IsNull(0))
        {
            return AllNull<T>(single.Type, count);
        }

        var values = new T[count];
        values.AsSpan().Fill(single.Values[0]);
        return new ColumnBuffer<T>(single.Type, values);
    }

    private static ColumnBuffer<T> AllNull<T>(DataType type, int count)
    {
        var nulls = new byte[count];
        nulls.AsSpan().Fill(1);
        return new ColumnBuffer<T>(type, new T[count], 0, count, new NullMask(nulls));
    }
}
