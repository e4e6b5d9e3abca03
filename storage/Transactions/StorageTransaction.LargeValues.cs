namespace NeuroDb.Storage;

/// <summary>The large values of a transaction.</summary>
internal sealed partial class StorageTransaction
{
    /// <summary>The large values of the database; null for one in memory.</summary>
    public LargeValueStore? LargeValues => _engine.LargeValues;

    /// <summary>
    /// Reads parameters that are streams, large ones into files, which go with the transaction
    /// unless a row refers to them.
    /// </summary>
    public Value[] ReadInputs(Value[] values, CancellationToken cancellation)
    {
        Value[]? read = null;
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i].Input is { } input)
            {
                read ??= [.. values];
                read[i] = ReadInput(input, cancellation);
            }
        }

        return read ?? values;
    }

    /// <summary>Reads a stream or a reader to its end.</summary>
    public Value ReadInput(LargeInput input, CancellationToken cancellation)
    {
        CheckOpen();
        if (_engine.LargeValues is not { } store || _engine.IsReadOnly)
        {
            return InputReader.ReadWhole(input, cancellation);
        }

        _largeValues ??= new TransactionLargeValues(store);
        return InputReader.Read(input, _largeValues, cancellation);
    }

    /// <summary>Makes the large values durable, before the gate of commits is taken.</summary>
    internal void CompleteLargeValues() => _largeValues?.Complete();

    /// <summary>Gives the large values to the commit.</summary>
    internal void GiveLargeValues(long timestamp, long generation) =>
        _largeValues?.Give(timestamp, generation);

    private RowBatch PutAside(TableEntry table, RowBatch rows, int savepoint)
    {
        if (_engine.LargeValues is not { } store)
        {
            // Rows of another database go into one in memory, which has no files.
            return rows.HasLarge ? TransactionLargeValues.ReadWhole(rows) : rows;
        }

        return TransactionLargeValues.HasAny(rows)
            ? PutAside(store, table, rows, savepoint)
            : rows;
    }

    // Of its own, so that the object of its lambda is made only here.
    private RowBatch PutAside(
        LargeValueStore store, TableEntry table, RowBatch rows, int savepoint)
    {
        _largeValues ??= new TransactionLargeValues(store);
        bool isComplete = false;
        try
        {
            RowBatch result = _largeValues.PutAside(rows, ordinal => IsInKey(table, ordinal));
            isComplete = true;
            return result;
        }
        finally
        {
            if (!isComplete)
            {
                RollbackTo(savepoint);
            }
        }
    }

    // The values of an indexed column stay in their rows from then on; those that went into files
    // before would be unknown to the index.
    private void CheckIndexable(TableEntry table, IndexSchema definition)
    {
        if (_engine.LargeValues is null or { IsEmpty: true })
        {
            return;
        }

        TableSnapshot snapshot = Open(table);
        for (int i = 0; i < snapshot.SliceCount; i++)
        {
            TableSlice slice = snapshot.Slice(i);
            foreach (int ordinal in definition.Ordinals)
            {
                ColumnBuffer column = slice.Column(ordinal);
                for (int row = 0; column.LargeSource is not null && row < slice.Count; row++)
                {
                    if (slice.IsVisible(row) && column.LargeSizeBytes(row, 1) > 0)
                    {
                        throw new NeuroStoreException(
                            ErrorCode.NotSupported,
                            $"Column {table.Schema.Columns[ordinal].Name} has values of 64 KiB or "
                            + "more, which lie outside their rows, and cannot be indexed. Make "
                            + "them shorter, or insert the rows into a new table that has the "
                            + "index already.");
                    }
                }
            }
        }
    }

    // What keys and indexes are made of stays in the row, whatever its size.
    private bool IsInKey(TableEntry table, int ordinal) =>
        table.Schema.Keys.Any(key => key.Ordinals.Contains(ordinal))
        || Catalog.Indexes.Any(index => index.Schema.TableId == table.Id
            && index.Schema.Columns.Any(column => column.Ordinal == ordinal));
}
