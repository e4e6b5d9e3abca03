namespace NeuroDb.Storage;

/// <content>Copies of a database, and reading one beside its writer.</content>
internal sealed partial class StorageEngine
{
    private const int ReadAttemptCountMax = 100;

    /// <summary>Whether it was opened for reading only.</summary>
    public bool IsReadOnly { get; private init; }

    /// <summary>Raises an error if it was opened for reading only.</summary>
    public void CheckWritable()
    {
        if (IsReadOnly)
        {
            throw new NeuroStoreException(
                ErrorCode.ReadOnly,
                "The database was opened for reading only. Write through the NeuroStore that has "
                + "it open for writing, or open it without IsReadOnly.");
        }
    }

    /// <summary>
    /// Opens what the last checkpoint of a database holds, for reading only, also while another
    /// process writes to it. No lock is taken and nothing is changed. Later checkpoints are not
    /// seen; their removal of files harms nobody who has them open.
    /// </summary>
    public static StorageEngine OpenReadOnly(
        SystemSeams seams, string path, StorageOptions options)
    {
        string fullPath = Path.GetFullPath(path);
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                DatabaseDirectory directory = DatabaseDirectory.OpenUnlocked(
                    seams, fullPath, options.Key);
                try
                {
                    return Read(seams, options, directory);
                }
                catch (Exception cause) when (
                    cause is IOException or CorruptionException
                    && attempt < ReadAttemptCountMax
                    && directory.HasMovedOn())
                {
                    // The writer has replaced the state that was being opened.
                    directory.Dispose();
                }
            }
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw CannotOpen(path, cause);
        }
    }

    /// <summary>Makes a checkpoint, or a copy in a directory.</summary>
    /// <param name="target">The directory; null for a checkpoint.</param>
    /// <param name="isFull">Whether the space of all dead rows is given back.</param>
    /// <param name="cancellation">Gives it up.</param>
    public void Maintain(string? target, bool isFull, CancellationToken cancellation)
    {
        if (target is null)
        {
            Checkpoint(isFull, cancellation);
        }
        else
        {
            BackUp(target, isFull, cancellation);
        }
    }

    /// <summary>
    /// Copies all that is committed into another directory, which is a database of its own then;
    /// commits go on meanwhile. A directory with an earlier backup gets only the files that are
    /// new.
    /// </summary>
    /// <param name="path">The directory.</param>
    /// <param name="isCompact">
    /// Whether the space of dead rows is given back first, and the directory must be new.
    /// </param>
    /// <param name="cancellation">Gives it up; the directory stays what it was.</param>
    public BackupSummary BackUp(string path, bool isCompact, CancellationToken cancellation)
    {
        CheckOpen();
        CheckWritable();
        if (_directory is null || _checkpoints is null)
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                "A database in memory has no files to copy. Insert its rows into a database in a "
                + "directory.");
        }

        Checkpointer checkpointer = _checkpoints.Checkpointer;
        using IDisposable hurry = _checkpoints.Hurry();
        try
        {
            if (isCompact || checkpointer.LastState(mayBeOlder: false) is null)
            {
                _checkpoints.Run(isCompact, cancellation);
            }

            using IDisposable hold = checkpointer.HoldFiles();
            (SuperBlock super, Manifest manifest) =
                checkpointer.LastState(mayBeOlder: true)!.Value;
            return new BackupRun(_seams, _directory, super, manifest).Run(
                Path.GetFullPath(path), isCompact, _options.Log, cancellation);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new NeuroStoreException(
                ErrorCode.InputOutput,
                $"The backup to {path} was not completed: {cause.Message} The database is as it "
                + "was, and so is an earlier backup there.",
                innerException: cause);
        }
    }

    /// <summary>
    /// Waits while rows in memory exceed the budget and a checkpoint is moving them into files;
    /// returns at once otherwise. Whoever is about to write more asks for it.
    /// </summary>
    public void WaitForMemory(CancellationToken cancellation) =>
        _checkpoints?.WaitForMemory(cancellation);

    /// <summary>What is held of segments and rows; null for a database in memory.</summary>
    public BufferStatistics? Memory => _store?.Buffers.Statistics;

    private static StorageEngine Read(
        SystemSeams seams, StorageOptions options, DatabaseDirectory directory)
    {
        SuperBlock super = directory.Super;
        SegmentStore? store = null;
        StorageEngine? engine = null;
        try
        {
            Manifest? manifest = directory.ReadManifest();
            store = new SegmentStore(
                seams.Files,
                directory.Files,
                super.DatabaseId,
                directory.Keys,
                new BufferManager(options.MemoryBudgetBytes));
            var replay = new TransactionReplay(
                directory.LogPath, super.CheckpointTimestamp, store);
            if (manifest is not null)
            {
                replay.Restore(manifest);
            }

            replay.Complete();
            LargeValueScan.Observe(replay.State, store);
            engine = new StorageEngine(seams, options, directory, null, store, manifest, replay)
            {
                IsReadOnly = true,
            };
            return engine;
        }
        finally
        {
            if (engine is null)
            {
                store?.Dispose();
            }
        }
    }

    private void CheckWritable(StorageTransaction transaction)
    {
        if (transaction.Writes.Length > 0
            || !ReferenceEquals(transaction.MainCatalog, transaction.CatalogBefore))
        {
            CheckWritable();
        }
    }

    // A restore begins with a checkpoint. Without one nothing can be kept, so it is worth an error.
    private void BeginHistory(LogHistory history)
    {
        if (!history.NeedsCheckpoint)
        {
            return;
        }

        bool isBegun = false;
        try
        {
            _checkpoints!.Run(isFull: false, CancellationToken.None);
            isBegun = true;
        }
        finally
        {
            if (!isBegun)
            {
                Dispose();
            }
        }
    }

    private static SegmentStore NewStore(
        SystemSeams seams, DatabaseDirectory directory, StorageOptions options)
    {
        var store = new SegmentStore(
            seams.Files,
            directory.Files,
            directory.Super.DatabaseId,
            directory.Keys,
            new BufferManager(options.MemoryBudgetBytes))
        {
            SegmentRowCountMax = options.SegmentRowCountMax,
            Restoring = options.Restoring,
        };
        store.Observe(options.Restoring?.SegmentIdFloor ?? 0);
        store.LargeValues.Random = seams.Random;
        return store;
    }
}
