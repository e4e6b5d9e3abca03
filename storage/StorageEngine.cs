namespace NeuroDb.Storage;

/// <summary>
/// An open database: its tables in memory, the log that makes commits durable, and the lock of its
/// directory. The one object of this layer that the layers above open and close. Safe for use by
/// many threads.
/// </summary>
internal sealed class StorageEngine : IDisposable
{
    private readonly object _applyGate = new();
    private EngineState _state = new(0, CatalogView.Empty);
    private int _lastTableId;
    private long _privateVersion;
    private long _commitCount;
    private bool _isClosed;

    private StorageEngine()
    {
    }

    /// <summary>Makes a database that lives as long as this object.</summary>
    public static StorageEngine OpenInMemory(SystemSeams seams, StorageOptions options) => new();

    /// <summary>Begins a transaction on the newest published state.</summary>
    public StorageTransaction Begin()
    {
        CheckOpen();
        return new StorageTransaction(this, Volatile.Read(ref _state));
    }

    /// <summary>Figures of this moment.</summary>
    public StorageStatistics Statistics()
    {
        EngineState state = Volatile.Read(ref _state);
        return new StorageStatistics(
            state.Timestamp,
            _commitCount,
            0,
            0,
            state.Catalog.Count,
            state.Catalog.Tables.Sum(static table => table.Rows.LiveCount),
            state.Catalog.Tables.Sum(static table => table.Rows.SlotCount),
            state.Catalog.Tables.Sum(static table => table.Rows.IndexSizeBytes));
    }

    /// <inheritdoc/>
    public void Dispose() => _isClosed = true;

    /// <summary>Raises an error if the database is closed.</summary>
    internal void CheckOpen()
    {
        if (_isClosed)
        {
            throw new NeuroStoreException(ErrorCode.Closed, "The database is closed.");
        }
    }

    /// <summary>A number for a new table.</summary>
    internal int TakeTableId() => Interlocked.Increment(ref _lastTableId);

    /// <summary>A version for a catalog with uncommitted changes: below 0, never given twice.</summary>
    internal long TakePrivateVersion() => Interlocked.Decrement(ref _privateVersion);

    internal void Commit(StorageTransaction transaction, Durability durability)
    {
        lock (_applyGate)
        {
            var change = new CommitChange(transaction);
            change.Validate(_state.Catalog);
            long timestamp = _state.Timestamp + 1;
            CatalogView catalog = change.Apply(_state.Catalog, timestamp);
            _commitCount++;
            Volatile.Write(ref _state, new EngineState(timestamp, catalog));
        }
    }

    internal ValueTask CommitAsync(StorageTransaction transaction, Durability durability)
    {
        Commit(transaction, durability);
        return ValueTask.CompletedTask;
    }
}
