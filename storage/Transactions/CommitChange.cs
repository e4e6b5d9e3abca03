namespace NeuroDb.Storage;

/// <summary>
/// What a transaction asks to commit: validated against the newest applied state, then applied to
/// the tables, where it stays invisible until its timestamp is published. Both run in the commit
/// pipeline, one transaction at a time.
/// </summary>
internal sealed partial class CommitChange
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
        CreatedIndexes = [];
        DroppedIndexes = [];
        Altered = [];
        PutObjects = [];
        DroppedObjects = [];
        if (!ReferenceEquals(transaction.MainCatalog, transaction.CatalogBefore))
        {
            Created = [.. transaction.MainCatalog.Tables
                .Where(table => !transaction.CatalogBefore.Contains(table))
                .OrderBy(static table => table.Id)];
            Dropped = [.. transaction.CatalogBefore.Tables
                .Where(table => !transaction.MainCatalog.Contains(table))
                .OrderBy(static table => table.Id)];
            Altered = [.. Dropped
                .Join(
                    Created,
                    static table => table.Id,
                    static table => table.Id,
                    static (before, after) => (before, after))];
            Created = [.. Created.Except(Altered.Select(static pair => pair.After))];
            Dropped = [.. Dropped.Except(Altered.Select(static pair => pair.Before))];
            PutObjects = [.. transaction.MainCatalog.Objects
                .Where(value => !transaction.CatalogBefore.Contains(value))
                .OrderBy(static value => value.Key, StringComparer.Ordinal)];
            DroppedObjects = [.. transaction.CatalogBefore.Objects
                .Where(value => !transaction.MainCatalog.Contains(value))
                .OrderBy(static value => value.Key, StringComparer.Ordinal)];
            CreatedIndexes = [.. transaction.MainCatalog.Indexes
                .Where(index => !transaction.CatalogBefore.Contains(index))
                .OrderBy(static index => index.Schema.Id)];
            DroppedIndexes = [.. transaction.CatalogBefore.Indexes
                .Where(index => !transaction.MainCatalog.Contains(index)
                    && !Array.Exists(Dropped, table => table.Id == index.Schema.TableId))
                .OrderBy(static index => index.Schema.Id)];
        }

        Writes = [.. transaction.Writes.Values.Where(
            rows => !rows.IsEmpty && transaction.MainCatalog.Contains(rows.Table))];
    }

    /// <summary>Tables to create.</summary>
    public TableEntry[] Created { get; }

    /// <summary>Tables to drop.</summary>
    public TableEntry[] Dropped { get; }

    /// <summary>Indexes to create, or to define anew under the same number.</summary>
    public IndexEntry[] CreatedIndexes { get; }

    /// <summary>Indexes to drop, but for those of dropped tables.</summary>
    public IndexEntry[] DroppedIndexes { get; }

    /// <summary>Tables that get another definition.</summary>
    public (TableEntry Before, TableEntry After)[] Altered { get; }

    /// <summary>Views, triggers and sequences to put.</summary>
    public CatalogObject[] PutObjects { get; }

    /// <summary>Views, triggers and sequences that go or are replaced.</summary>
    public CatalogObject[] DroppedObjects { get; }

    /// <summary>Rows to write, by table.</summary>
    public PendingRows[] Writes { get; }

    /// <summary>Whether nothing is left to do.</summary>
    public bool IsEmpty => Created.Length + Dropped.Length + Writes.Length
        + CreatedIndexes.Length + DroppedIndexes.Length + Altered.Length
        + PutObjects.Length + DroppedObjects.Length == 0;

    /// <summary>The bytes that the changes take in the log, roughly.</summary>
    public long SizeBytes =>
        Writes.Sum(static rows => rows.MemorySizeBytes
            + (rows.EndedCount * sizeof(long))
            + (rows.Segments.Count == 0 ? 0 : rows.KilledCount * sizeof(int)))
        + Created.Sum(static table => SchemaCodec.SizeBytesMax(table.Schema))
        + PutObjects.Sum(static value => 3L * value.Sql.Length);

    /// <summary>
    /// Completes the segments that hold new rows, durably; before the gate is taken.
    /// </summary>
    public void CompleteSegments(SegmentStore? store)
    {
        bool any = false;
        foreach (PendingRows rows in Writes)
        {
            any |= rows.CompleteSegments();
        }

        _transaction.CompleteLargeValues();
        if (!any)
        {
            return;
        }

        try
        {
            store!.FlushNames();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new NeuroStoreException(
                ErrorCode.InputOutput,
                $"The rows of the transaction could not be written: {cause.Message} Nothing of it "
                + "was stored.",
                innerException: cause);
        }
    }

    /// <summary>
    /// Leaves segments and large values to the database, when a record names them.
    /// </summary>
    public void GiveSegments(long timestamp, long generation)
    {
        foreach (PendingRows rows in Writes)
        {
            rows.GiveSegments(timestamp);
        }

        _transaction.GiveLargeValues(timestamp, generation);
    }

    /// <summary>Raises an error if somebody committed first what excludes this change.</summary>
    /// <param name="catalog">The catalog after the last applied commit.</param>
    public void Validate(CatalogView catalog)
    {
        _transaction.Reads?.Validate(
            catalog, _transaction.CatalogBefore, _transaction.SnapshotTimestamp);
        _transaction.Guards?.Validate(
            catalog, _transaction.CatalogBefore, _transaction.SnapshotTimestamp);
        ValidateDefinitions(catalog);
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
            if (catalog.TryGetTable(name, out TableEntry other)
                && !Dropped.Contains(other)
                && !Array.Exists(Altered, pair => ReferenceEquals(pair.Before, other)))
            {
                throw Conflict.OnTable(name, "created");
            }
        }

        ValidateIndexes(catalog);
        foreach (PendingRows rows in Writes)
        {
            ValidateRows(rows, catalog);
        }
    }

    /// <summary>Applies the change at a timestamp and gives the catalog after it.</summary>
    /// <param name="catalog">The catalog before.</param>
    /// <param name="timestamp">The timestamp of the commit.</param>
    /// <param name="layouts">Puts segments behind the rows of tables.</param>
    public CatalogView Apply(CatalogView catalog, long timestamp, LayoutSwitcher layouts)
    {
        foreach (IndexEntry index in DroppedIndexes)
        {
            catalog = catalog.Without(index, timestamp);
        }

        foreach (TableEntry table in Dropped)
        {
            catalog = catalog.Without(table, timestamp);
        }

        catalog = ApplyDefinitions(catalog, timestamp, layouts);
        foreach (IndexEntry index in CreatedIndexes)
        {
            catalog = catalog.With(index, timestamp);
        }

        foreach (PendingRows rows in Writes)
        {
            foreach (long rowId in rows.EndedCount == 0 ? [] : rows.EndedRowIds())
            {
                rows.Table.Rows.End(rowId, timestamp);
            }
        }

        Dictionary<VersionedTable, IReadOnlyList<SealedRows>> added = Writes
            .Where(static rows => rows.Segments.Count > 0)
            .ToDictionary(static rows => rows.Table.Rows, rows => PartsOf(rows, timestamp));
        if (added.Count > 0)
        {
            layouts.Extend(added, timestamp);
        }

        foreach (PendingRows rows in Writes)
        {
            ApplyRows(rows, timestamp);
        }

        return catalog;
    }

    private CatalogView ApplyDefinitions(
        CatalogView catalog, long timestamp, LayoutSwitcher layouts)
    {
        foreach ((TableEntry before, TableEntry after) in Altered)
        {
            catalog = catalog.Replacing(before, after, timestamp);
        }

        foreach (TableEntry table in Created)
        {
            catalog = catalog.With(table, timestamp);
        }

        layouts.Alter([.. Altered.Select(static pair => pair.After)]);
        foreach (CatalogObject value in DroppedObjects)
        {
            catalog = catalog.Without(value, timestamp);
        }

        foreach (CatalogObject value in PutObjects)
        {
            catalog = catalog.With(value, timestamp);
        }

        return catalog;
    }

    private static IReadOnlyList<SealedRows> PartsOf(PendingRows rows, long timestamp)
    {
        long next = rows.Table.Rows.NextRowId;
        var parts = new List<SealedRows>(rows.Segments.Count);
        foreach (BulkSegment segment in rows.Segments)
        {
            parts.Add(BulkParts.Make(
                segment.Rows.File, rows.Table.Schema, next, segment.KilledRows(), timestamp));
            next = parts[^1].EndRowId;
        }

        return parts;
    }

    private static void ApplyRows(PendingRows rows, long timestamp)
    {
        VersionedTable table = rows.Table.Rows;
        table.AddSize(rows.MemorySizeBytes);
        foreach (PendingChunk chunk in rows.Chunks.Where(static chunk => !chunk.IsSealed))
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

    private void ValidateDefinitions(CatalogView catalog)
    {
        foreach ((TableEntry before, TableEntry after) in Altered)
        {
            if (!catalog.Contains(before))
            {
                throw Conflict.OnTable(before.Schema.Name, "altered or dropped");
            }

            if (catalog.TryGetTable(after.Schema.Name, out TableEntry other)
                && !ReferenceEquals(other, before)
                && !Dropped.Contains(other)
                && !Array.Exists(Altered, pair => ReferenceEquals(pair.Before, other)))
            {
                throw Conflict.OnTable(after.Schema.Name, "created");
            }
        }

        foreach (CatalogObject value in PutObjects.Concat(DroppedObjects))
        {
            _transaction.CatalogBefore.TryGetObject(value.Kind, value.Name, out var known);
            catalog.TryGetObject(value.Kind, value.Name, out var now);
            if (!ReferenceEquals(known, now))
            {
                throw Conflict.OnObject(value);
            }
        }
    }

    private void ValidateIndexes(CatalogView catalog)
    {
        foreach (IndexEntry index in DroppedIndexes)
        {
            if (!catalog.Contains(index))
            {
                throw Conflict.OnIndex(index.Schema.Name, "changed or dropped");
            }
        }

        foreach (IndexEntry index in CreatedIndexes)
        {
            IndexSchema schema = index.Schema;
            if (catalog.TryGetIndex(schema.Name, out IndexEntry other)
                && Array.IndexOf(DroppedIndexes, other) < 0
                && !Array.Exists(Dropped, table => table.Id == other.Schema.TableId))
            {
                throw Conflict.OnIndex(schema.Name, "created");
            }

            TableEntry table = _transaction.MainCatalog.Tables.First(
                known => known.Id == schema.TableId);
            if (Array.IndexOf(Created, table) >= 0
                || Array.Exists(Altered, pair => ReferenceEquals(pair.After, table)))
            {
                continue;
            }

            if (!catalog.Contains(table))
            {
                throw Conflict.OnTable(table.Schema.Name, "dropped");
            }

            // Whether the values are unique was looked at in the snapshot.
            if (schema.IsUnique && table.Rows.LastChange > _transaction.SnapshotTimestamp)
            {
                throw Conflict.OnTable(table.Schema.Name, "changed rows of");
            }
        }
    }

    private void ValidateRows(PendingRows rows, CatalogView catalog)
    {
        bool isNew = Array.IndexOf(Created, rows.Table) >= 0
            || Array.Exists(Altered, pair => ReferenceEquals(pair.After, rows.Table));
        if (!isNew && !catalog.Contains(rows.Table))
        {
            throw Conflict.OnTable(rows.Table.Schema.Name, "dropped");
        }

        VersionedTable table = rows.Table.Rows;
        IReadOnlyList<IndexEntry> indexes = catalog.IndexesOf(rows.Table);
        CheckNewIndexes(indexes);
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
        UniqueIndexCheck.CheckCommit(rows, indexes);
    }
}
