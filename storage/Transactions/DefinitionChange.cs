namespace NeuroDb.Storage;

/// <summary>
/// What a transaction asks to commit of definitions: tables, indexes, views, triggers, sequences.
/// Part of a <see cref="CommitChange"/>, in whose order it is validated and applied.
/// </summary>
internal sealed class DefinitionChange
{
    private readonly StorageTransaction _transaction;

    private DefinitionChange(StorageTransaction transaction)
    {
        _transaction = transaction;
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

    /// <summary>The bytes that the changes take in the log, roughly.</summary>
    public long SizeBytes =>
        Created.Sum(static table => SchemaCodec.SizeBytesMax(table.Schema))
        + PutObjects.Sum(static value => 3L * value.Sql.Length);

    /// <summary>The changes of a transaction; null if there are none, as in most.</summary>
    public static DefinitionChange? Of(StorageTransaction transaction)
    {
        if (ReferenceEquals(transaction.MainCatalog, transaction.CatalogBefore))
        {
            return null;
        }

        var change = new DefinitionChange(transaction);
        int count = change.Created.Length + change.Dropped.Length + change.CreatedIndexes.Length
            + change.DroppedIndexes.Length + change.Altered.Length + change.PutObjects.Length
            + change.DroppedObjects.Length;
        return count == 0 ? null : change;
    }

    /// <summary>Whether a table has its definition from this change.</summary>
    public bool Defines(TableEntry table) => Array.IndexOf(Created, table) >= 0
        || Array.Exists(Altered, pair => ReferenceEquals(pair.After, table));

    /// <summary>Raises an error if somebody committed first what excludes this change.</summary>
    /// <param name="catalog">The catalog after the last applied commit.</param>
    public void Validate(CatalogView catalog)
    {
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
    }

    /// <summary>Applies the change at a timestamp and gives the catalog after it.</summary>
    /// <param name="catalog">The catalog before.</param>
    /// <param name="timestamp">The timestamp of the commit.</param>
    /// <param name="layouts">Gives altered tables their layouts.</param>
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
            if (Defines(table))
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
}
