using System.Runtime.InteropServices;

namespace NeuroDb.Storage;

/// <summary>
/// One transaction, under snapshot isolation or serializable: it reads what was committed when it
/// began and its own writes, which stay private until <see cref="Commit"/>. Of two transactions
/// that change the same row, the first to commit wins and the other gets a
/// <see cref="ConflictException"/>. Used by one thread at a time; disposing it without a commit
/// rolls it back.
/// </summary>
internal sealed partial class StorageTransaction : IDisposable
{
    private readonly StorageEngine _engine;
    private EngineState _state;

    // Made by the first write: most transactions only read.
    private TransactionLists? _lists;
    private TransactionLargeValues? _largeValues;
    private int _operation;
    private bool _isOver;
    private bool _isApplied;
    private bool _isRead;
    private int _isReleased;

    /// <summary>Begins at a published state, whose generation is pinned for it.</summary>
    internal StorageTransaction(
        StorageEngine engine, EngineState state, TransactionIsolation isolation)
    {
        Reads = isolation == TransactionIsolation.Serializable ? new ReadSet() : null;
        _engine = engine;
        _state = state;
        MainCatalog = state.Catalog;
    }

    /// <summary>The timestamp of the newest commit that this transaction sees.</summary>
    public long SnapshotTimestamp => _state.Timestamp;

    /// <summary>
    /// The tables, this transaction's own changes and temporary tables included.
    /// </summary>
    public CatalogView Catalog => _temporary is null ? MainCatalog : MergedCatalog();

    /// <summary>Whether anything was written.</summary>
    public bool HasWrites => UndoCount > _temporaryCount;

    /// <summary>
    /// Whether it may go on: neither committed nor rolled back, and the database is open.
    /// </summary>
    public bool IsActive => !_isOver && _engine.IsOpen;

    /// <summary>Counts what unique checks look up; null where nobody asks.</summary>
    public UniqueLookups? UniqueLookups { get; set; }

    /// <summary>The state that it sees, whose generation is pinned.</summary>
    internal EngineState State => _state;

    /// <summary>Whether what is read is noted, to be checked at the commit.</summary>
    public bool IsSerializable => Reads is not null;

    /// <summary>What was read, if the transaction is serializable.</summary>
    internal ReadSet? Reads { get; }

    /// <summary>The tables but for temporary ones.</summary>
    internal CatalogView MainCatalog { get; private set; }

    /// <summary>The catalog at the beginning.</summary>
    internal CatalogView CatalogBefore => _state.Catalog;

    /// <summary>The pending rows of each table that was written.</summary>
    internal ReadOnlySpan<PendingRows> Writes => CollectionsMarshal.AsSpan(_lists?.Writes);

    /// <summary>Creates a table; seen by others after the commit.</summary>
    public TableEntry CreateTable(TableSchema schema)
    {
        CheckOpen();
        SchemaCheck.Check(schema);
        if (MainCatalog.TryGetTable(schema.Name, out _))
        {
            throw new NeuroStoreException(
                ErrorCode.TableExists,
                $"A table {schema.Name} exists already. Choose another name, drop it first, "
                + "or write IF NOT EXISTS.");
        }

        var table = new TableEntry(_engine.TakeTableId(), schema);
        ChangeCatalog(MainCatalog.With(table, _engine.TakePrivateVersion()));
        return table;
    }

    /// <summary>The table as this transaction sees it now.</summary>
    public TableSnapshot Open(TableEntry table)
    {
        CheckOpen();
        if (IsTemporary(table))
        {
            return _temporary!.Open(table);
        }

        _isRead = true;
        PendingRows? pending = PendingOf(table);
        if (pending is not null)
        {
            pending.IsRead = true;
        }

        return new TableSnapshot(
            table,
            LayoutOf(table),
            new SnapshotView(SnapshotTimestamp, pending, _operation),
            Reads?.Of(table))
        {
            LargeValues = _engine.LargeValues,
        };
    }

    /// <summary>
    /// Adds rows: all columns in the order of the schema, converted and checked by the caller but
    /// for keys, which are checked here. A violation leaves the transaction as it was.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="changed">
    /// Of rows that take the place of rows that were just removed: the columns in which they
    /// differ from those; keys of others are not checked. Null for new rows.
    /// </param>
    public void Insert(TableEntry table, RowBatch rows, IReadOnlySet<int>? changed = null)
    {
        if (IsTemporary(table))
        {
            ChangeTemporary().Insert(table, rows, changed);
            return;
        }

        PendingRows pending = BeginWrite(table);
        Invariant.Check(rows.Columns.Length == table.Schema.Columns.Count);
        Append(pending, rows, UndoCount, changed);
    }

    /// <summary>Removes rows that the transaction sees; each at most once.</summary>
    public void Delete(TableEntry table, ReadOnlySpan<long> rowIds)
    {
        if (IsTemporary(table))
        {
            ChangeTemporary().Delete(table, rowIds);
            return;
        }

        PendingRows pending = BeginWrite(table);
        int savepoint = UndoCount;
        try
        {
            foreach (long rowId in rowIds)
            {
                End(pending, rowId);
            }
        }
        catch (NeuroStoreException)
        {
            RollbackTo(savepoint);
            throw;
        }
    }

    /// <summary>
    /// Replaces rows that the transaction sees by full new rows; keys are checked after all rows
    /// are replaced, so that rows may swap their keys.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="rowIds">Where the rows lie.</param>
    /// <param name="newRows">The rows as they are to be.</param>
    /// <param name="changed">
    /// The columns in which they may differ; keys of others are not checked. Null for all.
    /// </param>
    public void Update(
        TableEntry table,
        ReadOnlySpan<long> rowIds,
        RowBatch newRows,
        IReadOnlySet<int>? changed = null)
    {
        if (IsTemporary(table))
        {
            ChangeTemporary().Update(table, rowIds, newRows, changed);
            return;
        }

        PendingRows pending = BeginWrite(table);
        Invariant.Check(rowIds.Length == newRows.Count);
        Invariant.Check(newRows.Columns.Length == table.Schema.Columns.Count);
        int savepoint = UndoCount;
        try
        {
            foreach (long rowId in rowIds)
            {
                End(pending, rowId);
            }
        }
        catch (NeuroStoreException)
        {
            RollbackTo(savepoint);
            throw;
        }

        Append(pending, newRows, savepoint, changed);
    }

    /// <summary>
    /// Takes consecutive values for the INTEGER PRIMARY KEY and gives the first: one more than the
    /// greatest value of the column.
    /// </summary>
    public long TakeIdentity(TableEntry table, int count)
    {
        CheckOpen();
        return table.Rows.Identity.Take(count);
    }

    /// <summary>
    /// Makes the writes visible to all, or none of them. Raises <see cref="ConflictException"/> or
    /// <see cref="ConstraintException"/> if others committed first; the transaction is over then.
    /// </summary>
    /// <param name="durability">What to wait for.</param>
    /// <param name="cancellation">Looked at before the commit begins; it is not torn.</param>
    public void Commit(Durability durability, CancellationToken cancellation = default)
    {
        CheckOpen();
        cancellation.ThrowIfCancellationRequested();
        _isOver = true;
        try
        {
            if (HasWrites)
            {
                _engine.Commit(this, durability, cancellation);
                _isApplied = true;
            }

            _temporary?.Commit(Durability.None, CancellationToken.None);
        }
        finally
        {
            Release();
        }
    }

    /// <summary>
    /// As <see cref="Commit"/>, without holding a thread while the log is written.
    /// </summary>
    public ValueTask CommitAsync(
        Durability durability, CancellationToken cancellation = default)
    {
        CheckOpen();
        cancellation.ThrowIfCancellationRequested();
        _isOver = true;
        try
        {
            // The change is applied when this returns; what it waits for is only the device.
            ValueTask commit =
                HasWrites ? _engine.CommitAsync(this, durability) : ValueTask.CompletedTask;
            _isApplied = true;
            _temporary?.Commit(Durability.None, CancellationToken.None);
            return commit;
        }
        finally
        {
            Release();
        }
    }

    /// <summary>Forgets all writes.</summary>
    public void Rollback()
    {
        _isOver = true;
        Release();
    }

    /// <inheritdoc/>
    public void Dispose() => Rollback();

    private TableLayout LayoutOf(TableEntry table) => _state.Generation.LayoutOf(table.Rows);

    private void Release()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) != 0)
        {
            return;
        }

        _state.Generation.Unpin();
        _largeValues?.Release();
        _temporary?.Dispose();
        foreach (PendingRows rows in Writes)
        {
            rows.Dispose();
            if (_isApplied)
            {
                rows.Leave();
            }
        }

        if (_isApplied && _lists?.TryClear() == true)
        {
            _engine.LeaveLists(_lists);
        }

        _lists = null;
    }

    private void CheckOpen()
    {
        _engine.CheckOpen();
        if (_isOver)
        {
            throw new NeuroStoreException(
                ErrorCode.NoTransaction,
                "The transaction is over: it was committed or rolled back. Begin a new one.");
        }
    }

    private PendingRows BeginWrite(TableEntry table)
    {
        CheckOpen();
        _engine.CheckRunning();
        Invariant.Check(MainCatalog.Contains(table));
        _operation = checked(_operation + 1);
        PendingRows? pending = PendingOf(table);
        if (pending is null)
        {
            pending = PendingRows.Take(table, _engine.Bulk);
            Lists.Writes.Add(pending);
        }

        return pending;
    }

    // A transaction writes few tables.
    private PendingRows? PendingOf(TableEntry table)
    {
        foreach (PendingRows rows in Writes)
        {
            if (ReferenceEquals(rows.Table, table))
            {
                return rows;
            }
        }

        return null;
    }

    private void Append(
        PendingRows pending, RowBatch rows, int savepoint, IReadOnlySet<int>? changed)
    {
        rows = PutAside(pending.Table, rows, savepoint);
        long first = pending.Count;
        UndoEntries.Add(new UndoEntry(UndoKind.Append, pending, first, null));
        try
        {
            pending.Append(rows);
            KeyCheck.CheckWritten(
                pending, first, LayoutOf(pending.Table), SnapshotTimestamp, UniqueLookups,
                changed);
            UniqueIndexCheck.CheckWritten(
                pending, first, LayoutOf(pending.Table), SnapshotTimestamp,
                Catalog.IndexesOf(pending.Table), _engine.IndexMerges, UniqueLookups,
                changed);
        }
        catch (NeuroStoreException)
        {
            RollbackTo(savepoint);
            throw;
        }

        pending.ObserveIdentity(first);
        pending.Spill();
    }

    private void End(PendingRows pending, long rowId)
    {
        if (rowId < 0)
        {
            long position = ~rowId;
            Invariant.Check(pending.IsAlive(position, _operation));
            pending.Kill(position, _operation);
            UndoEntries.Add(new UndoEntry(UndoKind.Kill, pending, position, null));
            return;
        }

        Invariant.Check(LayoutOf(pending.Table).IsVisible(rowId, SnapshotTimestamp));
        Invariant.Check(!pending.IsEnded(rowId, _operation));
        if (!pending.Table.Rows.Layout.IsLive(rowId))
        {
            throw Conflict.OnRow(pending.Table);
        }

        pending.End(rowId, _operation);
        UndoEntries.Add(new UndoEntry(UndoKind.End, pending, rowId, null));
    }
}
