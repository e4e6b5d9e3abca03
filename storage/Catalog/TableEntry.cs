namespace NeuroDb.Storage;

/// <summary>
/// A table of the catalog. The object is the same as long as the schema is unchanged, so plans may
/// hold it and compare it by reference.
/// </summary>
internal sealed class TableEntry
{
    private ColumnStore?[]? _initial;

    /// <summary>An empty write set that no transaction uses; null if there is none.</summary>
    internal PendingRows? SpareRows;

    /// <summary>Makes the entry of a new, empty table.</summary>
    public TableEntry(int id, TableSchema schema)
    {
        Id = id;
        Schema = schema;
        Rows = new VersionedTable(schema);
    }

    private TableEntry(int id, TableSchema schema, VersionedTable rows)
    {
        Id = id;
        Schema = schema;
        Rows = rows;
    }

    /// <summary>The number of the table in the log; never used again after a drop.</summary>
    public int Id { get; }

    /// <summary>The definition.</summary>
    public TableSchema Schema { get; }

    /// <summary>The versions of the rows; only the storage layer looks inside.</summary>
    public VersionedTable Rows { get; }

    /// <summary>
    /// The entry of the same rows under another definition: columns are only added behind, and
    /// types, but for the labels that an ENUM has more, and
    /// keys stay as they are.
    /// </summary>
    public TableEntry With(TableSchema schema)
    {
        IReadOnlyList<ColumnSchema> before = Schema.Columns;
        Invariant.Check(schema.Columns.Count >= before.Count);
        Invariant.Check(schema.Keys.Count == Schema.Keys.Count);
        Invariant.Check(schema.IdentityOrdinal == Schema.IdentityOrdinal);
        for (int i = 0; i < before.Count; i++)
        {
            Invariant.Check(schema.Columns[i].Type.IsStoredAs(before[i].Type));
        }

        return new TableEntry(Id, schema, Rows);
    }

    /// <summary>
    /// What a column holds in rows that were stored before it was there.
    /// </summary>
    /// <param name="ordinal">The column.</param>
    /// <param name="count">How many rows the store has at least.</param>
    public ColumnStore InitialStore(int ordinal, int count)
    {
        ColumnSchema column = Schema.Columns[ordinal];
        ColumnStore?[] stores = _initial ??= new ColumnStore?[Schema.Columns.Count];
        ColumnStore? store = Volatile.Read(ref stores[ordinal]);
        if (store is null || store.Capacity < count)
        {
            store = ColumnStore.Initial(column, count);
            Volatile.Write(ref stores[ordinal], store);
        }

        return store;
    }
}
