using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Gives rows without a value for their INTEGER PRIMARY KEY the next numbers.</summary>
internal static class IdentityFiller
{
    /// <summary>The rows with all keys filled in; the same batch if none was missing.</summary>
    public static RowBatch Fill(RowBatch rows, TableEntry table, StorageTransaction transaction)
    {
        int ordinal = table.Schema.IdentityOrdinal;
        if (ordinal < 0 || !rows.Columns[ordinal].Nulls.MayHaveNulls)
        {
            return rows;
        }

        var given = (ColumnBuffer<long>)rows.Columns[ordinal];
        long[] keys = given.Values.ToArray();
        int missing = 0;
        for (int row = 0; row < keys.Length; row++)
        {
            missing += given.IsNull(row) ? 1 : 0;
        }

        if (missing == 0)
        {
            return rows;
        }

        long next = transaction.TakeIdentity(table, missing);
        for (int row = 0; row < keys.Length; row++)
        {
            if (given.IsNull(row))
            {
                keys[row] = next++;
            }
        }

        CheckRange(keys, table.Schema.Columns[ordinal]);
        ColumnBuffer[] columns = [.. rows.Columns];
        columns[ordinal] = new ColumnBuffer<long>(given.Type, keys);
        return new RowBatch(columns, rows.Count);
    }

    private static void CheckRange(long[] keys, ColumnSchema column)
    {
        if (keys.Max() > column.Type.IntegerMax)
        {
            throw new NeuroStoreException(
                ErrorCode.NumericOutOfRange,
                $"The next number for {column.Name} does not fit {column.Type}; declare it "
                + "BIGINT.");
        }
    }
}
