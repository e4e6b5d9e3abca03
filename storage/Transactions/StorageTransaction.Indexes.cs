using NeuroDb.Gpu;

namespace NeuroDb.Storage;

/// <summary>The changes of indexes.</summary>
internal sealed partial class StorageTransaction
{
    /// <summary>Creates an index; seen by others after the commit.</summary>
    /// <param name="definition">The definition; it gets a number here.</param>
    public IndexEntry CreateIndex(IndexSchema definition)
    {
        CheckOpen();
        if (_temporary?.MainCatalog.Tables.Any(known => known.Id == definition.TableId) == true)
        {
            return ChangeTemporary().CreateIndex(definition);
        }

        TableEntry table = MainCatalog.Tables.First(known => known.Id == definition.TableId);
        IndexCheck.Check(definition, table.Schema);
        CheckIndexName(definition.Name);
        CheckIndexable(table, definition);
        var index = new IndexEntry(definition with { Id = _engine.TakeTableId() });
        if (index.Schema.IsUnique)
        {
            UniqueIndexCheck.CheckAll(Open(table), index);
        }

        ChangeCatalog(MainCatalog.With(index, _engine.TakePrivateVersion()));
        return index;
    }

    /// <summary>
    /// The index of a table over a column that ranks by a metric; null if there is none.
    /// </summary>
    public VectorIndex? VectorIndexOf(TableEntry table, int ordinal, Metric metric)
    {
        if (IsTemporary(table))
        {
            return null;
        }

        foreach (IndexEntry index in Catalog.IndexesOf(table))
        {
            if (index.Schema.Kind == IndexKind.Vector
                && index.Schema.Columns[0].Ordinal == ordinal
                && VectorIndexOf(index) is { } found
                && found.Options.Metric == metric)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>The structure of an index of vectors.</summary>
    public VectorIndex VectorIndexOf(IndexEntry index)
    {
        Invariant.Check(index.Schema.Kind == IndexKind.Vector);
        return (VectorIndex)index.GetOrMake(entry => new VectorIndex(
            _engine.IndexBuilds,
            entry.Schema,
            Catalog.Tables.First(table => table.Id == entry.Schema.TableId).Schema));
    }

    /// <summary>Drops an index.</summary>
    public void DropIndex(IndexEntry index)
    {
        CheckOpen();
        if (_temporary?.MainCatalog.Contains(index) == true)
        {
            ChangeTemporary().DropIndex(index);
            return;
        }

        _engine.CheckRunning();
        ChangeCatalog(MainCatalog.Without(index, _engine.TakePrivateVersion()));
    }

    /// <summary>Gives an index another name.</summary>
    public void RenameIndex(IndexEntry index, string name)
    {
        CheckOpen();
        _engine.CheckRunning();
        CheckIndexName(name);
        ChangeCatalog(MainCatalog
            .Without(index, _engine.TakePrivateVersion())
            .With(
                index.With(index.Schema with { Name = name }), _engine.TakePrivateVersion()));
    }

    private void CheckIndexName(string name)
    {
        if (MainCatalog.TryGetIndex(name, out _) || MainCatalog.TryGetTable(name, out _))
        {
            throw new NeuroStoreException(
                ErrorCode.IndexExists,
                $"An index or a table {name} exists already. Choose another name, drop it first, "
                + "or write IF NOT EXISTS.");
        }
    }

    private void ChangeCatalog(CatalogView catalog)
    {
        UndoEntries.Add(new UndoEntry(UndoKind.Catalog, null, 0, MainCatalog));
        MainCatalog = catalog;
    }
}
