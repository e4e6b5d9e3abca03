namespace NeuroDb.Storage;

/// <summary>Hash and equality of multi-column keys over column stores.</summary>
internal static class KeyColumns
{
    /// <summary>The hash of a row's key; false if a key column is NULL.</summary>
    public static bool TryHash(ColumnStore[] columns, int[] key, int row, out ulong hash)
    {
        hash = 0;
        for (int i = 0; i < key.Length; i++)
        {
            ColumnStore column = columns[key[i]];
            if (column.IsNull(row))
            {
                return false;
            }

            ulong next = column.HashAt(row);
            hash = i == 0 ? next : Hash64.Combine(hash, next);
        }

        return true;
    }

    /// <summary>The hash of a key given by values; false if one is NULL.</summary>
    public static bool TryHash(
        ColumnStore[] columns, int[] key, ReadOnlySpan<Value> values, out ulong hash)
    {
        Invariant.Check(values.Length == key.Length);
        hash = 0;
        for (int i = 0; i < key.Length; i++)
        {
            if (values[i].IsNull)
            {
                return false;
            }

            ulong next = columns[key[i]].HashOf(values[i]);
            hash = i == 0 ? next : Hash64.Combine(hash, next);
        }

        return true;
    }

    /// <summary>Whether two rows have the same key.</summary>
    public static bool Same(
        int[] key, ColumnStore[] columns, int row, ColumnStore[] others, int otherRow)
    {
        foreach (int ordinal in key)
        {
            if (!columns[ordinal].SameAt(row, others[ordinal], otherRow))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a row has the key given by values.</summary>
    public static bool Same(
        int[] key, ColumnStore[] columns, int row, ReadOnlySpan<Value> values)
    {
        for (int i = 0; i < key.Length; i++)
        {
            if (!columns[key[i]].SameAs(row, values[i]))
            {
                return false;
            }
        }

        return true;
    }
}
