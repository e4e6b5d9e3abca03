using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// What only one row of a table may have: a primary or unique key of its schema, or a unique index.
/// Statements treat them alike.
/// </summary>
/// <param name="Name">The name of the constraint or of the index.</param>
/// <param name="Ordinals">The columns, in the order of the key.</param>
/// <param name="KeyOrdinal">Which key of the schema it is; -1 for an index.</param>
/// <param name="Index">The index; null for a key of the schema.</param>
internal sealed record UniqueKey(
    string Name, int[] Ordinals, int KeyOrdinal, IndexEntry? Index)
{
    /// <summary>All of a table: the keys of its schema, then its unique indexes.</summary>
    public static UniqueKey[] AllOf(TableEntry table, CatalogView catalog)
    {
        IEnumerable<UniqueKey> keys = table.Schema.Keys.Select(static (key, i) =>
            new UniqueKey(key.Name, key.Ordinals, i, null));
        return
        [
            .. keys,
            .. catalog.IndexesOf(table)
                .Where(static index => index.Schema.IsUnique)
                .Select(static index => new UniqueKey(
                    index.Schema.Name, index.Schema.Ordinals, -1, index)),
        ];
    }

    /// <summary>The rows that have the keys of many rows, looked up together.</summary>
    /// <param name="snapshot">The table.</param>
    /// <param name="values">A column for each of the key, of their physical kinds.</param>
    /// <param name="found">Takes the rows; null for a key with a NULL or not there.</param>
    public void Find(
        TableSnapshot snapshot, IReadOnlyList<ColumnBuffer> values, Span<RowAddress?> found)
    {
        Invariant.Check(values.Count == Ordinals.Length);
        if (Index is null)
        {
            snapshot.FindMany(KeyOrdinal, values, found);
        }
        else
        {
            UniqueIndexRows.Find(snapshot, Index, values, found);
        }
    }

    /// <summary>The columns of the key in rows of the table.</summary>
    public ColumnBuffer[] ColumnsOf(RowBatch rows) =>
        [.. Ordinals.Select(ordinal => rows.Columns[ordinal])];

    /// <summary>Lets the commit be refused if the row that has a key goes meanwhile.</summary>
    public void Guard(StorageTransaction transaction, TableEntry table, Value[] values)
    {
        if (Index is null)
        {
            transaction.GuardKey(table, KeyOrdinal, values);
        }
        else
        {
            transaction.GuardKey(table, Index, values);
        }
    }
}
