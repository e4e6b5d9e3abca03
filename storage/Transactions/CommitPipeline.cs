namespace NeuroDb.Storage;

/// <summary>
/// Brings transactions, one after the other, from their private writes to durable and visible:
/// validated against everything applied so far, given the next timestamp, encoded for the log,
/// applied to the tables. Timestamps are consecutive and in the order of the log. What is applied
/// stays invisible until the <see cref="GroupWriter"/> publishes it.
/// </summary>
internal sealed class CommitPipeline
{
    private readonly StorageOptions _options;
    private readonly GroupWriter _writer;
    private readonly IWorkers _workers;
    private readonly LayoutSwitcher _layouts;
    private readonly SegmentStore? _store;
    private readonly CommitClock _clock;
    private readonly bool _isLogged;
    private long _partTransaction;
    private long _commitCount;

    /// <summary>Starts at a state.</summary>
    /// <param name="options">The options of the database.</param>
    /// <param name="workers">Write the parts of large transactions.</param>
    /// <param name="writer">Holds the applied state and writes the log.</param>
    /// <param name="layouts">Puts segments behind the rows of tables.</param>
    /// <param name="log">The log, or null for a database in memory.</param>
    /// <param name="store">The segments, or null for a database in memory.</param>
    /// <param name="lastPartTransaction">The last number of a transaction in parts.</param>
    /// <param name="deltas">Counts the rows in memory.</param>
    /// <param name="clock">Gives each commit its moment.</param>
    public CommitPipeline(
        StorageOptions options,
        IWorkers workers,
        GroupWriter writer,
        LayoutSwitcher layouts,
        RecordLog? log,
        SegmentStore? store,
        long lastPartTransaction,
        DeltaMemory deltas,
        CommitClock clock)
    {
        _clock = clock;
        Deltas = deltas;
        _layouts = layouts;
        _store = store;
        _options = options;
        _workers = workers;
        _writer = writer;
        _isLogged = writer.HasLog;
        _partTransaction = lastPartTransaction;
        Parts = new PartStarts(log);
    }

    /// <summary>Counts the rows in memory; under the gate.</summary>
    public DeltaMemory Deltas { get; }

    /// <summary>Where the log may begin; under the gate.</summary>
    public PartStarts Parts { get; }

    /// <summary>The greatest number of a transaction in parts ever given.</summary>
    public long LastPartTransaction => Volatile.Read(ref _partTransaction);

    /// <summary>The moment of the last commit, in microseconds.</summary>
    public long LastMoment => _clock.Last;

    /// <summary>Commits since opening.</summary>
    public long CommitCount => Volatile.Read(ref _commitCount);

    /// <summary>Commits and blocks as long as the mode asks for.</summary>
    public void Commit(StorageTransaction transaction, Durability durability)
    {
        CommitWaiter? waiter = Enter(transaction, durability, isAsync: false, out bool leads);
        if (waiter is not null)
        {
            _writer.Await(waiter, leads);
        }
    }

    /// <summary>Commits; the task completes when the mode is satisfied.</summary>
    public ValueTask CommitAsync(StorageTransaction transaction, Durability durability)
    {
        CommitWaiter? waiter = Enter(transaction, durability, isAsync: true, out _);
        return waiter is null ? ValueTask.CompletedTask : waiter.Task;
    }

    private CommitWaiter? Enter(
        StorageTransaction transaction, Durability durability, bool isAsync, out bool leads)
    {
        var change = new CommitChange(transaction);
        leads = false;
        if (change.IsEmpty)
        {
            return null;
        }

        change.CompleteSegments(_store);
        PartWriter? parts = null;
        if (_isLogged && change.SizeBytes > _options.PartSizeBytes)
        {
            parts = WriteParts(change);
        }

        change.Prefetch();
        CommitGate.Enter(_writer.Gate);
        try
        {
            _writer.WaitForRoom();
            long timestamp = _writer.States.Applied.Timestamp + 1;
            try
            {
                change.Validate(_writer.States.Applied.Catalog);
                EncodeCommit(change, parts, timestamp);
            }
            catch (NeuroStoreException)
            {
                AbandonParts(parts);
                throw;
            }

            change.GiveSegments(timestamp, _writer.States.Applied.Generation.Number);
            Apply(change, timestamp);
            if (parts is not null)
            {
                Parts.End(parts.Transaction);
            }

            return Settle(durability, isAsync, out leads);
        }
        finally
        {
            Monitor.Exit(_writer.Gate);
        }
    }

    // Whatever goes wrong after the first change of a table leaves a half-applied commit. It stays
    // invisible, because nothing is published any more.
    private void Apply(in CommitChange change, long timestamp)
    {
        bool isComplete = false;
        try
        {
            CatalogView catalog = change.Apply(
                _writer.States.Applied.Catalog, timestamp, _layouts);
            Count(change);
            _writer.States.Applied = new EngineState(
                timestamp, catalog, _writer.States.Applied.Generation);
            _commitCount++;
            isComplete = true;
        }
        finally
        {
            if (!isComplete)
            {
                _writer.Stop(null);
            }
        }
    }

    private void Count(in CommitChange change)
    {
        foreach (PendingRows rows in change.Writes)
        {
            RowDelta delta = rows.Table.Rows.Layout.Active;
            Deltas.Grow(delta);
            if (delta.TakePreparation() is { } preparation)
            {
                // It waits for memory, and must not wait behind what else the pool has to do.
                _workers.RunWaiting(preparation);
            }

            while (delta.TakeReplaced() is { } memory)
            {
                Replace(memory);
            }
        }

        if (change.Definitions is { Dropped.Length: > 0 } definitions)
        {
            Deltas.Retire(
                definitions.Dropped.SelectMany(static table => table.Rows.Layout.Parts.ToArray()),
                _writer.States.Applied.Generation.Number);
            _layouts.BeginGeneration();
        }
    }

    // Whoever reads it goes on; who begins after the next generation does not see it.
    private void Replace(INativeMemory memory)
    {
        if (Deltas.Replace(memory, _writer.States.Applied.Generation.Number))
        {
            _workers.RunWaiting(BeginGeneration);
        }
    }

    private void BeginGeneration()
    {
        lock (_writer.Gate)
        {
            Deltas.BeginGeneration();
            _layouts.BeginGeneration();
        }
    }

    // The record is whole before the first table changes: one that cannot be written fails its
    // own transaction and nothing else.
    private void EncodeCommit(in CommitChange change, PartWriter? parts, long timestamp)
    {
        if (!_isLogged)
        {
            return;
        }

        LogGroup records = _writer.Records;
        records.BeginRecord();
        bool isComplete = false;
        try
        {
            WriteCommit(records, change, parts, timestamp, _clock.Next());
            records.EndRecord();
            isComplete = true;
        }
        finally
        {
            if (!isComplete)
            {
                records.AbandonRecord();
            }
        }
    }

    private static void WriteCommit(
        LogGroup records, in CommitChange change, PartWriter? parts, long timestamp, long moment)
    {
        if (parts is null)
        {
            records.WriteHeader(RecordKind.Commit);
            records.WriteInt64(timestamp);
            records.WriteInt64(moment);
            ChangeEncoder.EncodeFirstRows(records, change);
            ChangeEncoder.Encode(records, change);
            return;
        }

        records.WriteHeader(RecordKind.CommitOfParts);
        records.WriteInt64(timestamp);
        records.WriteInt64(moment);
        records.WriteInt64(parts.Transaction);
        records.WriteInt32(parts.PartCount);
        ChangeEncoder.EncodeFirstRows(records, change);
    }

    private CommitWaiter? Settle(Durability durability, bool isAsync, out bool leads)
    {
        leads = false;
        if (!_isLogged || durability is Durability.Async or Durability.None)
        {
            _writer.States.Publish(_writer.States.Applied);
            if (_isLogged)
            {
                _writer.Arm(
                    durability == Durability.Async ? _options.AsyncLossMs : GroupWriter.NotArmed);
                _writer.WriteSoonIfFull();
            }

            return null;
        }

        var waiter = new CommitWaiter(isAsync);
        if (durability == Durability.Group
            && _writer.Records.SizeBytes < _options.GroupSizeBytesMax)
        {
            _writer.Share(waiter);
            _writer.Arm(_options.GroupWaitMs);
            return waiter;
        }

        leads = _writer.Join(waiter);
        return waiter;
    }

    private PartWriter WriteParts(in CommitChange change)
    {
        var parts = new PartWriter(
            Interlocked.Increment(ref _partTransaction),
            change.SizeBytes,
            _options.PartSizeBytes,
            _workers,
            _writer.WritePart);
        lock (_writer.Gate)
        {
            Parts.Begin(parts.Transaction);
        }

        bool isComplete = false;
        try
        {
            ChangeEncoder.Encode(parts, change);
            parts.Complete();
            isComplete = true;
            return parts;
        }
        finally
        {
            if (!isComplete)
            {
                // Nothing refers to the parts that were written: the log may cut them in two.
                lock (_writer.Gate)
                {
                    Parts.End(parts.Transaction);
                }
            }
        }
    }

    private void AbandonParts(PartWriter? parts)
    {
        if (parts is not null)
        {
            LogGroup records = _writer.Records;
            records.BeginRecord();
            records.WriteHeader(RecordKind.AbandonParts);
            records.WriteInt64(parts.Transaction);
            records.EndRecord();
            Parts.End(parts.Transaction);
        }
    }
}
