namespace NeuroDb.Storage;

/// <summary>
/// The changes of definitions and of what is temporary. Temporary tables and views live in a
/// database in memory of their own, in which this transaction has one beside it: nothing of them
/// is logged, and nobody else sees them.
/// </summary>
internal sealed partial class StorageTransaction
{
    private StorageTransaction? _temporary;
    private int _temporaryCount;
    private CatalogView? _merged;
    private (CatalogView? Main, CatalogView? Temporary) _mergedOf;

    /// <summary>What must be as in the snapshot when the transaction commits.</summary>
    internal ReadSet? Guards { get; private set; }

    /// <summary>The transaction of temporary tables and views, or null.</summary>
    public StorageTransaction? Temporary => _temporary;

    /// <summary>
    /// Puts a transaction over temporary tables and views beside this one, to which it belongs from
    /// now on.
    /// </summary>
    public void AttachTemporary(StorageTransaction temporary)
    {
        Invariant.Check(_temporary is null);
        _temporary = temporary;
    }

    /// <summary>Whether a table is a temporary one.</summary>
    public bool IsTemporary(TableEntry table) =>
        _temporary is not null && _temporary.MainCatalog.Contains(table);

    /// <summary>Drops a table with its rows.</summary>
    public void DropTable(TableEntry table)
    {
        CheckOpen();
        if (IsTemporary(table))
        {
            ChangeTemporary().DropTable(table);
            return;
        }

        _engine.CheckRunning();
        ChangeCatalog(MainCatalog.Without(table, _engine.TakePrivateVersion()));
    }

    /// <summary>
    /// Gives a table another definition: names, defaults, constraints that rows of this transaction
    /// and before satisfy, and columns behind all others. Those have their first value in all rows
    /// that are there, of which none is written.
    /// </summary>
    public TableEntry AlterTable(TableEntry table, TableSchema schema)
    {
        CheckOpen();
        if (IsTemporary(table))
        {
            return ChangeTemporary().AlterTable(table, schema);
        }

        _engine.CheckRunning();
        SchemaCheck.Check(schema);
        Invariant.Check(MainCatalog.Contains(table) && !HasPending(table));
        TableEntry altered = table.With(schema);
        ChangeCatalog(MainCatalog.Replacing(table, altered, _engine.TakePrivateVersion()));
        return altered;
    }

    /// <summary>Whether this transaction has written rows of a table.</summary>
    public bool HasPending(TableEntry table) => IsTemporary(table)
        ? _temporary!.HasPending(table)
        : PendingOf(table) is { IsEmpty: false };

    /// <summary>Puts a view, trigger or sequence, in the place of one of its name.</summary>
    public void PutObject(CatalogObject value)
    {
        CheckOpen();
        _engine.CheckRunning();
        ChangeCatalog(MainCatalog.With(value, _engine.TakePrivateVersion()));
    }

    /// <summary>Drops a view, trigger or sequence.</summary>
    public void DropObject(CatalogObject value)
    {
        CheckOpen();
        if (_temporary is not null && _temporary.MainCatalog.Contains(value))
        {
            ChangeTemporary().DropObject(value);
            return;
        }

        _engine.CheckRunning();
        ChangeCatalog(MainCatalog.Without(value, _engine.TakePrivateVersion()));
    }

    /// <summary>
    /// The transaction of what is temporary, for a change that a savepoint can take back.
    /// </summary>
    public StorageTransaction ChangeTemporary()
    {
        CheckOpen();
        Invariant.Check(_temporary is not null);
        UndoEntries.Add(new UndoEntry(UndoKind.Temporary, null, _temporary!.Savepoint(), null));
        _temporaryCount++;
        _temporary.UniqueLookups = UniqueLookups;
        return _temporary;
    }

    /// <summary>
    /// Lets the commit be refused if somebody changes rows of a table before it.
    /// </summary>
    public void GuardRows(TableEntry table)
    {
        if (!IsTemporary(table))
        {
            (Guards ??= new ReadSet()).Of(table).AddScan();
        }
    }

    /// <summary>
    /// Lets the commit be refused if a row that the snapshot sees goes, and with it its key.
    /// </summary>
    public void GuardKey(TableEntry table, int key, ReadOnlySpan<Value> values)
    {
        if (!IsTemporary(table))
        {
            (Guards ??= new ReadSet()).Of(table).AddPresence(key, values);
        }
    }

    /// <summary>The same for a key of a unique index.</summary>
    public void GuardKey(TableEntry table, IndexEntry index, ReadOnlySpan<Value> values)
    {
        Invariant.Check(index.Schema.IsUnique);
        if (!IsTemporary(table))
        {
            (Guards ??= new ReadSet()).Of(table).AddPresence(
                LearnedIndex.Of(index, table), values);
        }
    }

    private CatalogView MergedCatalog()
    {
        CatalogView temporary = _temporary!.MainCatalog;
        if (temporary.Count == 0 && !temporary.Objects.Any())
        {
            return MainCatalog;
        }

        if (_merged is null
            || !ReferenceEquals(_mergedOf.Main, MainCatalog)
            || !ReferenceEquals(_mergedOf.Temporary, temporary))
        {
            _mergedOf = (MainCatalog, temporary);
            _merged = _temporary._engine.Merge(MainCatalog, temporary);
        }

        return _merged;
    }
}
