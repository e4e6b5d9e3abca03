namespace NeuroDb.Storage;

/// <summary>
/// What a transaction asks to commit: validated against the newest applied state, then applied to
/// the tables, where it stays invisible until its timestamp is published. Both run in the commit
/// pipeline, one transaction at a time.
/// </summary>
internal sealed class CommitChange
{
    // Fewer rows are cheaper to copy than to keep in memory that was made for more.
    private const int AdoptedRowCountMin = Limits.ChunkRowCount / 2;
    private readonly StorageTransaction _transaction;

    /// <summary>Collects the changes of a transaction.</summary>
    public CommitChange(StorageTransaction transaction)
    {
        _transaction = transaction;
        Created = [];
        Dropped = [];
        if (!ReferenceEquals(transaction.Catalog, transaction.CatalogBefore))
        {
            Created = [.. transaction.Catalog.Tables
                .Where(table => !transaction.CatalogBefore.Contains(table))
                .OrderBy(static table => table.Id)];
            Dropped = [.. transaction.CatalogBefore.Tables
                .Where(table => !transaction.Catalog.Contains(table))
                .OrderBy(static table => table.Id)];
        }

        Writes = [.. transaction.Writes.Values.Where(
            rows => !rows.IsEmpty && transaction.Catalog.Contains(rows.Table))];
    }

    /// <summary>Tables to create.</summary>
    public TableEntry[] Created { get; }

    /// <summary>Tables to drop.</summary>
    public TableEntry[] Dropped { get; }

    /// <summary>Rows to write, by table.</summary>
    public PendingRows[] Writes { get; }

    /// <summary>Whether nothing is left to do.</summary>
    public bool IsEmpty => Created.Length + Dropped.Length + Writes.Length == 0;

    /// <summary>The bytes that the changes take in the log, roughly.</summary>
    public long SizeBytes =>
        Writes.Sum(static rows => rows.SizeBytes + (rows.EndedCount * sizeof(long)))
        + Created.Sum(static table => SchemaCodec.SizeBytesMax(table.Schema));

    /// <summary>Raises an error if somebody committed first what excludes this change.</summary>
    /// <param name="catalog">The catalog after the last applied commit.</param>
    public void Validate(CatalogView catalog)
    {
        foreach (TableEntry table in Dropped)
        {
            string name = table.Schema.Name;
            if (!catalog.Contains(table))
            {
                throw Conflict.OnTable(name, "dropped");
            }

            if (table.Rows.LastChange > _transaction.SnapshotTimestamp)
            {
                throw Conflict.OnTable(name, "changed rows of");
            }
        }

        foreach (TableEntry table in Created)
        {
            string name = table.Schema.Name;
            if (catalog.TryGetTable(name, out TableEntry other) && !Dropped.Contains(other))
            {
                throw Conflict.OnTable(name, "created");
            }
        }

        foreach (PendingRows rows in Writes)
        {
            ValidateRows(rows, catalog);
        }
    }

    /// <summary>Applies the change at a timestamp and gives the catalog after it.</summary>
    public CatalogView Apply(CatalogView catalog, long timestamp)
    {
        foreach (TableEntry table in Dropped)
        {
            catalog = catalog.Without(table, timestamp);
        }

        foreach (TableEntry table in Created)
        {
            catalog = catalog.With(table, timestamp);
        }

        foreach (PendingRows rows in Writes)
        {
            ApplyRows(rows, timestamp);
        }

        return catalog;
    }

    private static void ApplyRows(PendingRows rows, long timestamp)
    {
        VersionedTable table = rows.Table.Rows;
        foreach (long rowId in rows.EndedCount == 0 ? [] : rows.EndedRowIds())
        {
            table.End(rowId, timestamp);
        }

        table.AddSize(rows.SizeBytes);
        foreach (PendingChunk chunk in rows.Chunks)
        {
            // The transaction is over and reads these rows no more; others never could.
            if (chunk.Count >= AdoptedRowCountMin && !chunk.MayHaveKilled
                && table.TryAdopt(chunk.Columns, chunk.Count, timestamp))
            {
                continue;
            }

            int start = 0;
            while (chunk.TryNextRun(ref start, out int count))
            {
                table.Append(chunk.Columns, start, count, timestamp);
                start += count;
            }
        }
    }

    private void ValidateRows(PendingRows rows, CatalogView catalog)
    {
        bool isNew = Array.IndexOf(Created, rows.Table) >= 0;
        if (!isNew && !catalog.Contains(rows.Table))
        {
            throw Conflict.OnTable(rows.Table.Schema.Name, "dropped");
        }

        VersionedTable table = rows.Table.Rows;
        if (table.LastChange <= _transaction.SnapshotTimestamp)
        {
            // Nobody changed the table since the snapshot, against which all was checked.
            return;
        }

        foreach (long rowId in rows.EndedCount == 0 ? [] : rows.EndedRowIds())
        {
            if (!table.Layout.IsLive(rowId))
            {
                throw Conflict.OnRow(rows.Table);
            }
        }

        KeyCheck.CheckCommit(rows);
    }
}
