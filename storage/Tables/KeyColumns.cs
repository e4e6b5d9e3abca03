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

    /// <summary>Whether a key column of a row is NULL.</summary>
    public static bool HasNull(ColumnStore[] columns, int[] key, int row)
    {
        foreach (int ordinal in key)
        {
            if (columns[ordinal].IsNull(row))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The hashes of the keys of some rows; those with a NULL are left out.</summary>
    /// <param name="columns">The columns, by ordinal.</param>
    /// <param name="key">The ordinals of the key.</param>
    /// <param name="start">The first row.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="hashes">Takes the hashes.</param>
    /// <param name="rows">Takes the row of each hash.</param>
    /// <returns>How many hashes there are.</returns>
    public static int Hash(
        ColumnStore[] columns,
        int[] key,
        int start,
        int count,
        Span<ulong> hashes,
        Span<long> rows)
    {
        Invariant.Check(count <= hashes.Length && count <= rows.Length);
        if (key.Length == 1 && !columns[key[0]].Nulls.MayHaveNulls)
        {
            columns[key[0]].Hash(start, hashes[..count]);
            for (int i = 0; i < count; i++)
            {
                rows[i] = start + i;
            }

            return count;
        }

        int found = 0;
        for (int row = start; row < start + count; row++)
        {
            if (TryHash(columns, key, row, out ulong hash))
            {
                hashes[found] = hash;
                rows[found++] = row;
            }
        }

        return found;
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
