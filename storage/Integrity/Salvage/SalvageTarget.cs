namespace NeuroDb.Storage;

/// <summary>
/// Writes salvaged rows into a new database. Where a lost commit left two versions of one key, the
/// one with the greater number is newer and is kept.
/// </summary>
internal sealed class SalvageTarget(StorageEngine engine, LossList losses)
{
    /// <summary>Makes a table.</summary>
    public TableEntry Create(TableSchema schema)
    {
        using StorageTransaction transaction = engine.Begin();
        TableEntry table = transaction.CreateTable(schema);
        transaction.Commit(Durability.Async);
        return table;
    }

    /// <summary>Writes rows, whose numbers lie above those of all before.</summary>
    /// <param name="table">The table.</param>
    /// <param name="columns">The columns that hold them.</param>
    /// <param name="rows">The rows of the columns, ascending.</param>
    public void Append(TableEntry table, ColumnStore[] columns, List<int> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        using StorageTransaction transaction = engine.Begin();
        try
        {
            transaction.Insert(table, Gather(table.Schema, columns, rows));
        }
        catch (ConstraintException)
        {
            foreach (int row in rows)
            {
                Replace(transaction, table, columns, row);
            }
        }

        transaction.Commit(Durability.Async);
    }

    private static RowBatch Gather(TableSchema schema, ColumnStore[] columns, List<int> rows)
    {
        var buffers = new ColumnBuffer[columns.Length];
        for (int i = 0; i < buffers.Length; i++)
        {
            ColumnStore store = ColumnStore.Create(schema.Columns[i].Type);
            store.Reserve(rows.Count);
            int start = 0;
            while (start < rows.Count)
            {
                int run = 1;
                while (start + run < rows.Count && rows[start + run] == rows[start] + run)
                {
                    run++;
                }

                store.Copy(start, columns[i], rows[start], run);
                start += run;
            }

            buffers[i] = store.View(rows.Count);
        }

        return new RowBatch(buffers, rows.Count);
    }

    private void Replace(
        StorageTransaction transaction, TableEntry table, ColumnStore[] columns, int row)
    {
        TableSchema schema = table.Schema;
        foreach (int key in Enumerable.Range(0, schema.Keys.Count))
        {
            Value[] values = [.. schema.Keys[key].Ordinals.Select(
                ordinal => columns[ordinal].IsNull(row)
                    ? Value.Null
                    : columns[ordinal].ValueAt(row))];
            bool isThere = transaction.Open(table).TryFind(key, values, out RowAddress older);
            if (isThere)
            {
                transaction.Delete(table, [older.RowId]);
                losses.Add(
                    schema.Name,
                    string.Empty,
                    -1,
                    $"two rows have the same key {schema.Keys[key].Name}; the newer one is kept, "
                    + "since the older one must have ended in a commit that is lost");
            }
        }

        transaction.Insert(table, Gather(schema, columns, [row]));
    }
}
