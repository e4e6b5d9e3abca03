namespace NeuroDb.Storage;

/// <summary>
/// What a transaction asks to commit: validated against the newest applied state, then applied to
/// the tables, where it stays invisible until its timestamp is published. Both run in the commit
/// pipeline, one transaction at a time. A view of the transaction, so that it needs no memory.
/// </summary>
internal readonly struct CommitChange
{
    // Fewer rows are cheaper to copy than to keep in memory that was made for more.
    private const int AdoptedRowCountMin = Limits.ChunkRowCount / 2;
    private const int PrefetchedRowCountMax = 16;
    private readonly StorageTransaction _transaction;

    // Null if all tables that the transaction wrote count, as they nearly always do.
    private readonly PendingRows[]? _some;

    // Without a look at the catalog: the tables that were written are in it.
    private readonly bool _hasSameCatalog;

    /// <summary>Collects the changes of a transaction.</summary>
    public CommitChange(StorageTransaction transaction)
    {
        _transaction = transaction;
        Definitions = DefinitionChange.Of(transaction);
        _hasSameCatalog = ReferenceEquals(transaction.MainCatalog, transaction.CatalogBefore);
        foreach (PendingRows rows in transaction.Writes)
        {
            if (!IsWrite(rows))
            {
                _some = WritesOf(transaction);
                break;
            }
        }
    }

    /// <summary>The changes of definitions; null if there are none.</summary>
    public DefinitionChange? Definitions { get; }

    /// <summary>Rows to write, by table.</summary>
    public ReadOnlySpan<PendingRows> Writes =>
        _some is null ? _transaction.Writes : _some;

    /// <summary>Whether nothing is left to do.</summary>
    public bool IsEmpty => Writes.Length == 0 && Definitions is null;

    /// <summary>The bytes that the changes take in the log, roughly.</summary>
    public long SizeBytes
    {
        get
        {
            long size = Definitions?.SizeBytes ?? 0;
            foreach (PendingRows rows in Writes)
            {
                size += rows.MemorySizeBytes
                    + (rows.EndedCount * sizeof(long))
                    + (rows.Segments.Count == 0 ? 0 : rows.KilledCount * sizeof(int));
            }

            return size;
        }
    }

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
    /// Asks for the memory that small changes will look at, so that it is there when the gate is
    /// taken.
    /// </summary>
    public void Prefetch()
    {
        foreach (PendingRows rows in Writes)
        {
            if (rows.Count is 0 or > PrefetchedRowCountMax || rows.Chunks[0].IsSealed)
            {
                continue;
            }

            RowDelta delta = rows.Table.Rows.Layout.Active;
            for (int row = 0; row < rows.Count; row++)
            {
                delta.PrefetchKeys(rows.Chunks[0].Columns, row);
            }
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
        Definitions?.Validate(catalog);
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
        catalog = Definitions?.Apply(catalog, timestamp, layouts) ?? catalog;
        Dictionary<VersionedTable, IReadOnlyList<SealedRows>>? added = null;
        foreach (PendingRows rows in Writes)
        {
            if (rows.EndedCount > 0)
            {
                foreach (long rowId in rows.EndedRowIds())
                {
                    rows.Table.Rows.End(rowId, timestamp);
                }
            }

            if (rows.Segments.Count > 0)
            {
                (added ??= []).Add(rows.Table.Rows, PartsOf(rows, timestamp));
            }
        }

        if (added is not null)
        {
            layouts.Extend(added, timestamp);
        }

        foreach (PendingRows rows in Writes)
        {
            ApplyRows(rows, timestamp);
        }

        return catalog;
    }

    private bool IsWrite(PendingRows rows) => !rows.IsEmpty
        && (_hasSameCatalog || _transaction.MainCatalog.Contains(rows.Table));

    private static PendingRows[] WritesOf(StorageTransaction transaction) => Array.FindAll(
        transaction.Writes.ToArray(),
        rows => !rows.IsEmpty && transaction.MainCatalog.Contains(rows.Table));

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
        foreach (PendingChunk chunk in rows.Chunks)
        {
            // The transaction is over and reads these rows no more; others never could.
            if (chunk.IsSealed
                || (chunk.Count >= AdoptedRowCountMin && !chunk.MayHaveKilled
                    && table.TryAdopt(chunk.Columns, chunk.Count, timestamp)))
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
        bool isThere = _hasSameCatalog && ReferenceEquals(catalog, _transaction.CatalogBefore);
        if (!isThere
            && Definitions?.Defines(rows.Table) != true && !catalog.Contains(rows.Table))
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

        if (rows.EndedCount > 0)
        {
            foreach (long rowId in rows.EndedRowIds())
            {
                if (!table.Layout.IsLive(rowId))
                {
                    throw Conflict.OnRow(rows.Table);
                }
            }
        }

        KeyCheck.CheckCommit(rows);
        UniqueIndexCheck.CheckCommit(rows, indexes);
    }

    // Of an index that came after the snapshot nothing was looked at.
    private void CheckNewIndexes(IReadOnlyList<IndexEntry> indexes)
    {
        for (int i = 0; i < indexes.Count; i++)
        {
            if (indexes[i].Schema.IsUnique && !_transaction.Catalog.Contains(indexes[i]))
            {
                throw Conflict.OnIndex(indexes[i].Schema.Name, "created");
            }
        }
    }
}
