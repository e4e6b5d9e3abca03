namespace NeuroDb.Storage;

/// <summary>
/// A table of the catalog. The object is the same as long as the schema is unchanged, so plans may
/// hold it and compare it by reference.
/// </summary>
internal sealed class TableEntry
{
    /// <summary>Makes the entry of a new, empty table.</summary>
    public TableEntry(int id, TableSchema schema)
    {
        Id = id;
        Schema = schema;
        Rows = new VersionedTable(schema);
    }

    /// <summary>The number of the table in the log; never used again after a drop.</summary>
    public int Id { get; }

    /// <summary>The definition.</summary>
    public TableSchema Schema { get; }

    /// <summary>The versions of the rows; only the storage layer looks inside.</summary>
    public VersionedTable Rows { get; }
}
