namespace NeuroDb.Storage;

/// <summary>
/// An open database: its tables in memory, the log that makes commits durable, and the lock of its
/// directory. The one object of this layer that the layers above open and close. Safe for use by
/// many threads.
/// </summary>
internal sealed partial class StorageEngine : IDisposable
{
    // Above all versions of committed catalogs; plans are kept for versions that are not negative.
    private const long MergedVersionBase = 1L << 62;
    private const int TemporaryTableIdBase = 1 << 30;
    private static long _lastMergedVersion;
    private readonly SystemSeams _seams;
    private readonly StorageOptions _options;
    private readonly DatabaseDirectory? _directory;
    private readonly RecordLog? _log;
    private readonly SegmentStore? _store;
    private readonly IFileSystem? _files;
    private readonly GroupWriter _writer;
    private readonly CommitPipeline _pipeline;
    private readonly CheckpointSchedule? _checkpoints;
    private readonly Scrubber? _scrubber;
    private int _lastTableId;
    private long _privateVersion;
    private int _isClosed;
    private TransactionLists? _spareLists;
    private CatalogView? _merged;
    private (CatalogView? Main, CatalogView? Temporary) _mergedOf;

    private StorageEngine(
        SystemSeams seams, StorageOptions options, DatabaseDirectory? directory, RecordLog? log,
        SegmentStore? store, Manifest? manifest, TransactionReplay replay,
        LogHistory? history = null)
    {
        _seams = seams;
        _options = options;
        _directory = directory;
        _files = directory is null ? null : seams.Files;
        _log = log;
        _store = store;
        _lastTableId = replay.LastTableId;
        _writer = new GroupWriter(seams, options, log, replay.State);
        Layouts = new LayoutSwitcher(_writer);
        _pipeline = new CommitPipeline(
            options,
            seams.Workers,
            _writer,
            Layouts,
            log,
            store,
            replay.LastPartTransaction,
            DeltasOf(replay, store, seams.Workers),
            new CommitClock(
                seams.Clock,
                Math.Max(replay.LastMoment, directory?.Super.CreatedMicroseconds ?? 0)));
        Bulk = store is null || log is null
            ? null
            : new BulkContext(
                store, seams.Workers, options.BulkStartSizeBytes, options.BulkSegmentSizeBytes);
        if (log is not null)
        {
            Invariant.Check(directory is not null && store is not null && history is not null);
            var context = new CheckpointContext(
                seams, directory, log, _writer, Layouts, _pipeline, store, history);
            var throttle = new WriteThrottle(
                seams.Clock, options.CheckpointBytesPerSecond, () => _pipeline.CommitCount);
            var checkpointer = new Checkpointer(context, manifest)
            {
                Preparing = PrepareIndexes,
            };
            _checkpoints = new CheckpointSchedule(
                seams.Workers, options, checkpointer, LastTableId, throttle, Alerts)
            {
                Finished = IndexNewSegments,
            };
            _scrubber = NewScrubber();
        }
        else
        {
            Layouts.Generations.OnChange(ReleaseReplaced);
        }

        UseIndexRuns(isReadOnly: log is null);
        IndexBuilds = new IndexBuildHost(
            this,
            seams.Workers,
            store is null ? null : new VectorPartStore(seams.Files, store, log is null));
        IndexMerges = new IndexBuildHost(this, seams.Workers, store: null);
        Recovery = new StorageRecovery(
            directory?.IsNew ?? true,
            replay.TransactionCount,
            replay.UncommittedCount,
            directory?.WasRepaired ?? false,
            log?.Recovery);
    }

    /// <summary>What opening found.</summary>
    public StorageRecovery Recovery { get; }

    /// <summary>Opens the database in a directory, which is made if it is not there.</summary>
    public static StorageEngine Open(SystemSeams seams, string path, StorageOptions options)
    {
        string fullPath = Path.GetFullPath(path);
        DatabaseDirectory? directory = null;
        SegmentStore? store = null;
        RecordLog? log = null;
        StorageEngine? engine = null;
        try
        {
            directory = DatabaseDirectory.Lock(
                seams, fullPath, isCopy: options.Restoring is not null);
            SuperBlock super = directory.OpenSuper(options.Log, options.Key);
            Manifest? manifest = directory.ReadManifest();
            var history = LogHistory.Open(
                seams.Files, directory, seams.Clock, options.RetainLog);
            store = NewStore(seams, directory, options);
            var replay = new TransactionReplay(
                directory.LogPath, super.CheckpointTimestamp, store);
            if (manifest is not null)
            {
                replay.Restore(manifest);
            }

            IReadOnlySet<string> largeFiles = new HashSet<string>();
            log = directory.OpenLog(options.Log, replay, () =>
            {
                replay.Complete();
                largeFiles = LargeValueRecovery.Check(replay.State, store, seams.Files);
            });
            directory.RepairSuper();
            history.DeleteIfEmpty();
            log.RemoveBefore(history.FirstPosition ?? super.LogStart.Position);
            HashSet<string> referenced =
                [.. store.PathsInLog(), .. largeFiles];
            RemoveNeedless(store, manifest, replay.State.Catalog, referenced, history);
            engine = new StorageEngine(
                seams, options, directory, log, store, manifest, replay, history);
            engine.BeginHistory(history);
            return engine;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw CannotOpen(path, cause);
        }
        finally
        {
            if (engine is null)
            {
                log?.Dispose();
                store?.Dispose();
                directory?.Dispose();
            }
        }
    }

    /// <summary>Makes a database that lives as long as this object.</summary>
    public static StorageEngine OpenInMemory(SystemSeams seams, StorageOptions options) =>
        new(seams, options, null, null, null, null, new TransactionReplay("(memory)"));

    /// <summary>
    /// Makes a database for the temporary tables of one session, whose tables have numbers that no
    /// other database gives.
    /// </summary>
    public static StorageEngine OpenTemporary(SystemSeams seams, StorageOptions options)
    {
        StorageEngine engine = OpenInMemory(seams, options);
        engine._lastTableId = TemporaryTableIdBase;
        return engine;
    }

    /// <summary>Begins a transaction on the newest visible state.</summary>
    /// <param name="isolation">The level.</param>
    /// <param name="forgotten">
    /// One of this engine that is over and forgotten, to be used again; null for a new one.
    /// </param>
    public StorageTransaction Begin(
        TransactionIsolation isolation = TransactionIsolation.Snapshot,
        StorageTransaction? forgotten = null)
    {
        CheckOpen();
        EngineState state = _writer.States.Published;
        while (!state.Generation.TryPin())
        {
            CheckOpen();
            state = _writer.States.Published;
        }

        if (forgotten is null || isolation == TransactionIsolation.Serializable)
        {
            return new StorageTransaction(this, state, isolation);
        }

        forgotten.Restart(state);
        return forgotten;
    }

    /// <summary>
    /// Changes the user's key of an encrypted database, durably; costs the same whatever its size.
    /// </summary>
    public void Rekey(EncryptionKey key)
    {
        CheckOpen();
        CheckWritable();
        if (_directory is null)
        {
            throw new NeuroStoreException(
                ErrorCode.NotEncrypted, "A database in memory is not encrypted and has no key.");
        }

        _directory.Rekey(key);
    }

    /// <summary>Figures of this moment.</summary>
    public StorageStatistics Statistics()
    {
        EngineState state = _writer.States.Published;
        return new StorageStatistics(
            state.Timestamp,
            _pipeline.CommitCount,
            _writer.WriteCount,
            _writer.LogBytes,
            state.Catalog.Count,
            state.Catalog.Tables.Sum(static table => table.Rows.LiveCount),
            state.Catalog.Tables.Sum(static table => table.Rows.VersionCount),
            state.Catalog.Tables.Sum(static table => table.Rows.IndexSizeBytes));
    }

    /// <summary>
    /// Writes what is only in memory and the log into segments, so that the log begins later and
    /// the next opening is quick. Runs beside transactions; a database in memory has nothing to do.
    /// </summary>
    /// <param name="isFull">Whether the space of all dead rows is given back.</param>
    /// <param name="cancellation">Gives the checkpoint up; nothing has changed then.</param>
    public void Checkpoint(bool isFull, CancellationToken cancellation)
    {
        CheckOpen();
        CheckWritable();
        _checkpoints?.Run(isFull, cancellation);
    }

    /// <summary>
    /// Writes what is not written yet and closes; open transactions are rolled back.
    /// </summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) != 0)
        {
            return;
        }

        try
        {
            _scrubber?.Dispose();
            IndexBuilds.Dispose();
            IndexMerges.Dispose();
            _checkpoints?.Dispose();
            RemoveDroppedIndexes();
        }
        finally
        {
            CloseFiles();
            ReleaseRows();
        }
    }

    /// <summary>Puts new layouts in the place of old ones.</summary>
    internal LayoutSwitcher Layouts { get; }

    /// <summary>The large values; null for a database in memory.</summary>
    internal LargeValueStore? LargeValues => _store?.LargeValues;

    /// <summary>How transactions write large changes; null for a database in memory.</summary>
    internal BulkContext? Bulk { get; }

    /// <summary>Builds indexes in the background.</summary>
    internal IndexBuildHost IndexBuilds { get; }

    /// <summary>Merges the runs of rows in memory, and waits for no other index.</summary>
    internal IndexBuildHost IndexMerges { get; }

    /// <summary>Whether the database is open.</summary>
    internal bool IsOpen => Volatile.Read(ref _isClosed) == 0;

    /// <summary>Raises an error if the database is closed.</summary>
    internal void CheckOpen()
    {
        if (!IsOpen)
        {
            throw new NeuroStoreException(ErrorCode.Closed, "The database is closed.");
        }
    }

    /// <summary>
    /// Raises an error if commits have ended after a failure: the rows that the last one ended
    /// would be taken for changes of others, which a transaction may wait out.
    /// </summary>
    internal void CheckRunning() => _writer.CheckRunning();

    /// <summary>Empty lists for a transaction that begins to write.</summary>
    internal TransactionLists TakeLists() =>
        Interlocked.Exchange(ref _spareLists, null) ?? new TransactionLists();

    /// <summary>Takes empty lists back that nobody holds any more.</summary>
    internal void LeaveLists(TransactionLists lists) => Volatile.Write(ref _spareLists, lists);

    /// <summary>A number for a new table.</summary>
    internal int TakeTableId() => Interlocked.Increment(ref _lastTableId);

    /// <summary>
    /// The catalog of a session with temporary tables, which this engine holds: the same as long as
    /// both parts are.
    /// </summary>
    internal CatalogView Merge(CatalogView main, CatalogView temporary)
    {
        CatalogView? merged = _merged;
        if (merged is null
            || !ReferenceEquals(_mergedOf.Main, main)
            || !ReferenceEquals(_mergedOf.Temporary, temporary))
        {
            long version = main.Version < 0 || temporary.Version < 0
                ? TakePrivateVersion()
                : MergedVersionBase + Interlocked.Increment(ref _lastMergedVersion);
            merged = main.Under(temporary, version);
            _mergedOf = (main, temporary);
            _merged = merged;
        }

        return merged;
    }

    /// <summary>
    /// A version for a catalog with uncommitted changes: below 0, never given twice.
    /// </summary>
    internal long TakePrivateVersion() => Interlocked.Decrement(ref _privateVersion);

    /// <summary>Commits and blocks as long as the mode asks for.</summary>
    internal void Commit(
        StorageTransaction transaction, Durability durability, CancellationToken cancellation)
    {
        CheckWritable(transaction);
        WaitForMemory(cancellation);
        _pipeline.Commit(transaction, durability);
        _checkpoints?.Consider();
    }

    /// <summary>Commits; the task completes when the mode is satisfied.</summary>
    internal ValueTask CommitAsync(StorageTransaction transaction, Durability durability)
    {
        CheckWritable(transaction);
        ValueTask commit = _pipeline.CommitAsync(transaction, durability);
        _checkpoints?.Consider();
        return commit;
    }

    private static NeuroStoreException CannotOpen(string path, Exception cause) => new(
        ErrorCode.InputOutput,
        $"The database {path} cannot be opened: {cause.Message}",
        innerException: cause);

    private int LastTableId() => Volatile.Read(ref _lastTableId);

    private void CloseFiles()
    {
        try
        {
            _writer.Dispose();
        }
        finally
        {
            try
            {
                _log?.Dispose();
            }
            finally
            {
                _store?.Dispose();
                _directory?.Dispose();
            }
        }
    }
}
