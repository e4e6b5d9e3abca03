namespace NeuroDb.Query;

/// <summary>
/// Numbers that are ordered as the values of a sort key, or equal where values agree in their
/// beginning, so that most comparisons of a sort look at one integer (as the normalised keys of G.
/// Graefe, Implementing sorting in database systems, 2006).
/// </summary>
internal static class SortPrefix
{
    private const ulong SignBit = 1UL << 63;
    private const int UnitsPerPrefix = 4;

    /// <summary>The entries of rows 0 to count - 1, in an array that is rented.</summary>
    public static SortEntry[] Of(
        SortKey key, ColumnBuffer column, int count, LargeArrays arrays)
    {
        SortEntry[] entries = arrays.Rent<SortEntry>(count, isCleared: false);
        for (int row = 0; row < count; row++)
        {
            if (column.IsNull(row))
            {
                entries[row] = new SortEntry(key.NullsFirst ? 0 : ulong.MaxValue, row);
                continue;
            }

            ulong prefix = PrefixOf(column, row);
            entries[row] = new SortEntry(key.IsDescending ? ~prefix : prefix, row);
        }

        return entries;
    }

    /// <summary>Whether equal prefixes mean equal values.</summary>
    public static bool IsExact(ColumnBuffer column) =>
        !column.Nulls.MayHaveNulls && column is ColumnBuffer<long> or ColumnBuffer<double>;

    private static ulong PrefixOf(ColumnBuffer column, int row) => column switch
    {
        ColumnBuffer<long> longs => (ulong)longs.Values[row] ^ SignBit,
        ColumnBuffer<double> doubles => Ordered(doubles.Values[row]),
        ColumnBuffer<decimal> decimals => Ordered(NearestDouble.Of(decimals.Values[row])),
        ColumnBuffer<string> texts => Units(texts.Values[row]),
        _ => 0,
    };

    // -0 equals 0, NaN of either sign is the least; below zero, larger bits are smaller numbers.
    private static ulong Ordered(double number)
    {
        if (double.IsNaN(number))
        {
            return 0;
        }

        ulong bits = (ulong)BitConverter.DoubleToInt64Bits(number == 0 ? 0 : number);
        return (bits & SignBit) != 0 ? ~bits : bits | SignBit;
    }

    // By code point: surrogates come after all other units.
    private static ulong Units(string text)
    {
        ulong prefix = 0;
        for (int i = 0; i < UnitsPerPrefix; i++)
        {
            uint unit = i < text.Length ? text[i] : 0u;
            uint rank = unit >= 0xE000 ? unit - 0x800
                : unit >= 0xD800 ? unit + 0x2000
                : unit;
            prefix = (prefix << 16) | rank;
        }

        return prefix;
    }
}
