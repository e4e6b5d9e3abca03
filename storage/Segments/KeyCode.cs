namespace NeuroDb.Storage;

/// <summary>
/// The 64-bit code of a key in a key run. A key of one column of whole numbers, dates or
/// timestamps has a code in the order of its values; any other key has its hash.
/// </summary>
internal static class KeyCode
{
    private const ulong SignBit = 1UL << 63;

    /// <summary>Whether the codes of a key are in the order of its values.</summary>
    public static bool IsOrdered(TableSchema schema, KeySchema key) =>
        key.Ordinals.Length == 1
        && schema.Columns[key.Ordinals[0]].Type.Physical == PhysicalKind.Int64;

    /// <summary>The code of a number in an ordered run.</summary>
    public static ulong Of(long value) => (ulong)value ^ SignBit;

    /// <summary>The number of a code in an ordered run.</summary>
    public static long ValueOf(ulong code) => (long)(code ^ SignBit);

    /// <summary>The code of a row's key; false if a key column is NULL.</summary>
    public static bool TryOf(
        TableSchema schema, KeySchema key, ColumnStore[] columns, int row, out ulong code)
    {
        if (!IsOrdered(schema, key))
        {
            return KeyColumns.TryHash(columns, key.Ordinals, row, out code);
        }

        var column = (ColumnStore<long>)columns[key.Ordinals[0]];
        code = column.IsNull(row) ? 0 : Of(column.Values[row]);
        return !column.IsNull(row);
    }

    /// <summary>The code of a key given by values; false if one is NULL.</summary>
    public static bool TryOf(
        TableSchema schema,
        KeySchema key,
        ColumnStore[] columns,
        ReadOnlySpan<Value> values,
        out ulong code)
    {
        if (!IsOrdered(schema, key))
        {
            return KeyColumns.TryHash(columns, key.Ordinals, values, out code);
        }

        code = values[0].IsNull ? 0 : Of(values[0].AsInt64());
        return !values[0].IsNull;
    }
}
