namespace NeuroDb.Storage;

/// <summary>
/// The rows that have keys of a unique index, at most one each. Many keys go down the index at
/// once; where codes do not tell a value, the values are compared.
/// </summary>
internal static class UniqueIndexRows
{
    /// <summary>The rows of many keys.</summary>
    /// <param name="snapshot">The table.</param>
    /// <param name="entry">The index, of this table.</param>
    /// <param name="columns">
    /// The values, a column for each of the index, of their physical kinds.
    /// </param>
    /// <param name="rows">Takes the rows; null for a key with a NULL or not there.</param>
    public static void Find(
        TableSnapshot snapshot,
        IndexEntry entry,
        IReadOnlyList<ColumnBuffer> columns,
        Span<RowAddress?> rows)
    {
        IndexKeys keys = LearnedIndex.Of(entry, snapshot.Table).Keys;
        Invariant.Check(entry.Schema.IsUnique && columns.Count == keys.Count);
        rows.Clear();
        int[] wanted = WholeRows(columns, rows.Length);
        if (wanted.Length == 0)
        {
            return;
        }

        var codes = new ulong[keys.Count][];
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = new ulong[wanted.Length];
            keys[i].Encode(columns[i], wanted, codes[i]);
        }

        var hits = new List<IndexHit>(wanted.Length);
        snapshot.Find(
            entry, codes, hits,
            values: (key, column) => columns[column].GetValue(wanted[key]));
        foreach (IndexHit hit in hits)
        {
            int row = wanted[hit.Key];
            if (IsWhole(keys, codes, hit.Key) || IsKey(snapshot, keys, columns, row, hit.Place))
            {
                rows[row] = TableSnapshot.AddressOf(hit.Place);
            }
        }
    }

    /// <summary>Whether a committed row has a key, without a NULL, at a timestamp.</summary>
    public static bool IsThere(
        VersionedTable table, LearnedIndex index, ReadOnlySpan<Value> values, long timestamp)
    {
        var codes = new ulong[index.Keys.Count][];
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = [index.Keys[i].Encode(values[i])];
        }

        Value[] sought = values.ToArray();
        var hits = new List<IndexHit>();
        IndexLookups.Find(
            table.Layout, new SnapshotView(timestamp, null, 0), 0, index, codes, 1, hits,
            values: (_, column) => sought[column]);
        foreach (IndexHit hit in hits)
        {
            if (IsKey(index.Keys, values, hit.Place))
            {
                return true;
            }
        }

        return false;
    }

    private static int[] WholeRows(IReadOnlyList<ColumnBuffer> columns, int count)
    {
        var whole = new List<int>(count);
        for (int row = 0; row < count; row++)
        {
            bool isWhole = true;
            for (int i = 0; i < columns.Count; i++)
            {
                isWhole &= !columns[i].IsNull(row);
            }

            if (isWhole)
            {
                whole.Add(row);
            }
        }

        return [.. whole];
    }

    private static bool IsWhole(IndexKeys keys, ulong[][] codes, int key)
    {
        for (int i = 0; i < codes.Length; i++)
        {
            if (!keys[i].IsExact(codes[i][key]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsKey(
        TableSnapshot snapshot, IndexKeys keys, IReadOnlyList<ColumnBuffer> columns, int row,
        in RowPlace place)
    {
        for (int i = 0; i < columns.Count; i++)
        {
            ColumnStore store = snapshot.StoreOf(place, keys.Ordinals[i]);
            if (!store.SameAs(place.Row, columns[i].GetValue(row)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsKey(IndexKeys keys, ReadOnlySpan<Value> values, in RowPlace place)
    {
        for (int i = 0; i < values.Length; i++)
        {
            ColumnStore store = keys.StoreOf(place.Part!, place.Chunk, keys.Ordinals[i]);
            if (!store.SameAs(place.Row, values[i]))
            {
                return false;
            }
        }

        return true;
    }
}
