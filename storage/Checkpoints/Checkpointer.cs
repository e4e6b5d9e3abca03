namespace NeuroDb.Storage;

/// <summary>
/// Moves rows from memory and log into segments, gives back the space of dead rows, and lets the
/// log begin later: one checkpoint at a time, while transactions go on. The order of its steps is
/// what makes it safe at every moment: new files are durable before the manifest names them, the
/// manifest before SUPER names it, and SUPER before anything old is removed.
/// </summary>
/// <remarks>
/// Under the gate of commits stand only the freeze, which starts a new delta for each table, and
/// the switch, which carries over the ends of rows that were committed meanwhile. A failure before
/// SUPER is written leaves the database as it was, with frozen deltas that the next checkpoint
/// takes in. If writing SUPER fails, nobody knows which manifest counts: nothing is removed, and
/// commits go on into a log that serves both.
/// </remarks>
internal sealed partial class Checkpointer
{
    private readonly IFileSystem _files;
    private readonly DatabaseDirectory _directory;
    private readonly RecordLog _log;
    private readonly GroupWriter _writer;
    private readonly LayoutSwitcher _layouts;
    private readonly CommitPipeline _pipeline;
    private readonly SegmentStore _store;
    private readonly LogHistory _history;
    private readonly FileReclaimer _reclaimer;
    private readonly SegmentRetirement _retirement;
    private readonly GenerationChain _chain;
    private readonly IWorkers _workers;
    private readonly object _running = new();
    private IReadOnlyList<TableEntry> _tables;
    private Manifest? _manifest;
    private bool _isClosed;
    private long _count;

    /// <summary>Makes the checkpointer of an open database.</summary>
    /// <param name="context">What it works on.</param>
    /// <param name="manifest">The manifest of the last checkpoint, or null.</param>
    public Checkpointer(CheckpointContext context, Manifest? manifest)
    {
        _files = context.Seams.Files;
        _directory = context.Directory;
        _log = context.Log;
        _writer = context.Writer;
        _layouts = context.Layouts;
        _pipeline = context.Pipeline;
        _store = context.Store;
        _history = context.History;
        _reclaimer = new FileReclaimer(context.Seams.Files, _history.IsKept);
        EngineState state = _writer.States.Applied;
        _tables = [.. state.Catalog.Tables];
        _retirement = new SegmentRetirement(_store, _reclaimer, state.Generation.Chain);
        _chain = state.Generation.Chain;
        _workers = context.Seams.Workers;
        _chain.OnChange(LetGoSoon);
        _manifest = manifest;
    }

    /// <summary>
    /// Called with the parts that are about to take their places, so that what commits look into is
    /// there when they do.
    /// </summary>
    public Action<IReadOnlyList<TableSwitch>, CancellationToken>? Preparing { get; init; }

    /// <summary>Checkpoints since opening.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>The manifest of the last checkpoint; null if there was none.</summary>
    public Manifest? Manifest => Volatile.Read(ref _manifest);

    /// <summary>The bytes of log that an opening would replay now.</summary>
    public long LogSizeBytes => _log.CommittedEnd.Address - _directory.Super.LogStart.Address;

    /// <summary>The bytes of rows in memory that a checkpoint would move into files.</summary>
    public long DeltaSizeBytes => _pipeline.Deltas.CurrentBytes;

    /// <summary>Runs one checkpoint; durable on return.</summary>
    /// <param name="isFull">Whether the space of all dead rows is given back.</param>
    /// <param name="lastTableId">The greatest number of a table ever given.</param>
    /// <param name="throttle">Bounds how fast it writes; null for no bound.</param>
    /// <param name="cancellation">Looked at between chunks, until the manifest is written.</param>
    public void Run(
        bool isFull,
        Func<int> lastTableId,
        WriteThrottle? throttle,
        CancellationToken cancellation)
    {
        lock (_running)
        {
            // After a failed write of SUPER either manifest may count: writing the next one would
            // replace files that the failed one names.
            CheckOpen();
            _directory.CheckPublishing();
            try
            {
                RunOne(isFull, lastTableId, throttle, cancellation);
            }
            catch (NeuroStoreException failure) when (failure.Code == ErrorCode.InvariantBroken)
            {
                // The layouts may be half switched: what is durable is for the next opening.
                Stop(failure);
                throw;
            }
            catch (Exception failure)
                when (failure is IOException or UnauthorizedAccessException)
            {
                // Failures that leave everything as it was have a type by now.
                var reason = new NeuroStoreException(
                    ErrorCode.InputOutput,
                    $"The checkpoint failed where it must not: {failure.Message} All commits are "
                    + "in the log: open the database again.",
                    innerException: failure);
                Stop(reason);
                throw reason;
            }
        }
    }

    /// <summary>Waits for the checkpoint that runs; no other one begins any more.</summary>
    public void Close()
    {
        lock (_running)
        {
            lock (_lettingGo)
            {
                LetGo();
                _isClosed = true;
            }
        }
    }

    /// <summary>
    /// Lets the log go on in a new small file and removes the others, if the last checkpoint holds
    /// all commits, so that nothing in the log is needed.
    /// </summary>
    public void ShrinkLog()
    {
        lock (_running)
        {
            _directory.CheckPublishing();
            if (_history.IsActive)
            {
                // The log that is kept goes on without a gap into what is written next.
                return;
            }

            _writer.BetweenWrites(
                () => _pipeline.Parts.Count == 0
                    && _log.CommittedEnd.Lsn > 0
                    && _log.IsNewFileSmaller
                    && _writer.States.Applied.Timestamp == _directory.Super.CheckpointTimestamp,
                () => _log.BeginNewFile(PublishStart));
            RemoveLogBefore(_directory.Super.LogStart.Position);
        }
    }

    /// <summary>
    /// What SUPER and the manifest of the last checkpoint say together; null if a commit came
    /// later, or there was no checkpoint.
    /// </summary>
    /// <param name="mayBeOlder">Whether later commits do not matter.</param>
    public (SuperBlock Super, Manifest Manifest)? LastState(bool mayBeOlder)
    {
        lock (_running)
        {
            lock (_writer.Gate)
            {
                bool isNow = _writer.States.Applied.Timestamp
                    == _directory.Super.CheckpointTimestamp;
                return _manifest is not null && (isNow || mayBeOlder)
                    ? (_directory.Super, _manifest)
                    : null;
            }
        }
    }

    /// <summary>Holds back the removal of files that a copy in progress may read by name.</summary>
    public IDisposable HoldFiles() => _reclaimer.Pause();

    private void RunOne(
        bool isFull,
        Func<int> lastTableId,
        WriteThrottle? throttle,
        CancellationToken cancellation)
    {
        FrozenState frozen;
        LogPosition start;
        long moment;
        Generation generation;
        FreezeOrder order = _layouts.PlanFreeze();
        lock (_writer.Gate)
        {
            frozen = _layouts.Freeze(order);
            start = _pipeline.Parts.FirstNeeded;
            moment = _pipeline.LastMoment;

            // Keeps the rows of tables that are dropped meanwhile, and the removal of files, if no
            // transaction holds them, out of the gate.
            generation = _writer.States.Applied.Generation;
            bool isPinned = generation.TryPin();
            Invariant.Check(isPinned);
        }

        try
        {
            RunFrozen(frozen, isFull, lastTableId, start, moment, throttle, cancellation);
        }
        finally
        {
            generation.Unpin();
        }

        RemoveLogBefore(_directory.Super.LogStart.Position);
        Volatile.Write(ref _count, _count + 1);
    }

    private void RunFrozen(
        FrozenState frozen,
        bool isFull,
        Func<int> lastTableId,
        LogPosition start,
        long moment,
        WriteThrottle? throttle,
        CancellationToken cancellation)
    {
        List<TableCheckpoint>? tables = null;
        bool isPublished = false;
        try
        {
            _layouts.WaitForPublished(frozen.Timestamp);
            tables = Write(frozen, isFull, throttle, cancellation);
            Publish(frozen, tables, lastTableId(), start, moment);
            isPublished = true;
        }
        finally
        {
            if (!isPublished)
            {
                _layouts.Abandon(frozen);
            }
        }

        Preparing?.Invoke([.. tables.Select(static table => table.Switch)], cancellation);
        Switch(frozen, tables);
    }

    private void Stop(NeuroStoreException reason)
    {
        lock (_writer.Gate)
        {
            _writer.Stop(reason);
        }
    }

    private void CheckOpen()
    {
        if (_isClosed)
        {
            throw new NeuroStoreException(ErrorCode.Closed, "The database is closed.");
        }
    }

    // The checkpoint is complete: a file that stays is tried again by the next one, and removed by
    // the next opening.
    private void RemoveLogBefore(LogPosition start)
    {
        try
        {
            _log.RemoveBefore(_history.FirstPosition ?? start);
        }
        catch (NeuroStoreException failure) when (failure.Code == ErrorCode.InputOutput)
        {
            Invariant.Check(_directory.Super.LogStart.Address >= start.Address);
        }
    }

    private List<TableCheckpoint> Write(
        FrozenState frozen,
        bool isFull,
        WriteThrottle? throttle,
        CancellationToken cancellation)
    {
        var tables = new List<TableCheckpoint>(frozen.Tables.Count);
        bool isComplete = false;
        try
        {
            foreach (FrozenTable table in frozen.Tables)
            {
                ManifestTable? before = _manifest?.Tables.FirstOrDefault(
                    known => known.Id == table.Table.Id);
                var checkpoint = new TableCheckpoint(
                    _store, table, before, frozen.Timestamp, NextNumber);
                tables.Add(checkpoint);
                checkpoint.Write(isFull, throttle, cancellation);
            }

            _store.FlushNames();
            isComplete = true;
            return tables;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Failed(failure);
        }
        finally
        {
            if (!isComplete)
            {
                tables.ForEach(static table => table.Abandon());
            }
        }
    }

    // Commits wait while the gate is taken: what needs no gate is found before.
    private void Switch(FrozenState frozen, List<TableCheckpoint> tables)
    {
        TableSwitch[] switches = [.. tables.Select(static table => table.Switch)];
        HashSet<long> needed =
            [.. switches.SelectMany(static change => change.Parts).SelectMany(SegmentOf)];
        HashSet<long> replaced =
            [.. frozen.Tables.SelectMany(static table => table.Parts).SelectMany(SegmentOf)];
        TableEntry[] written = [.. frozen.Tables.Select(static table => table.Table)];
        Dictionary<VersionedTable, int> frozenCounts = frozen.Tables.ToDictionary(
            static table => table.Table.Rows, static table => table.Parts.Count);
        SegmentLargeValue[] largeValues = LargeValuesOf(tables);
        lock (_writer.Gate)
        {
            CatalogView catalog = _writer.States.Applied.Catalog;
            foreach (TableEntry table in catalog.Tables)
            {
                int frozenCount = frozenCounts.GetValueOrDefault(table.Rows);
                foreach (RowPart part in table.Rows.Layout.Parts[frozenCount..])
                {
                    needed.UnionWith(SegmentOf(part));
                }
            }

            VersionedTable[] dropped = [.. _tables
                .Select(static table => table.Rows)
                .Except(catalog.Tables.Select(static table => table.Rows))];
            _tables = written;
            long generation = _writer.States.Applied.Generation.Number;
            replaced.UnionWith(dropped
                .SelectMany(static table => table.Layout.Parts.ToArray())
                .SelectMany(SegmentOf));
            _layouts.Switch(frozen, switches, dropped);
            _retirement.Add(_store.OpenBut(needed, frozen.Timestamp), replaced, generation);
            _store.LargeValues.Checkpoint(largeValues, frozen.Timestamp, generation);
            _pipeline.Deltas.Retire(
                frozen.Tables.SelectMany(static table => table.Parts), generation);
        }

        LetGo();
    }

    private static SegmentLargeValue[] LargeValuesOf(List<TableCheckpoint> tables) =>
        [.. tables.SelectMany(static table => table.LargeValues)
            .OrderBy(static value => value.SegmentId)
            .ThenBy(static value => value.Reference.Number)];

    private static IEnumerable<long> SegmentOf(RowPart part) =>
        part is SealedRows rows ? [rows.File.Identity.SegmentId] : [];

    private static NeuroStoreException Failed(Exception cause) => new(
        ErrorCode.InputOutput,
        $"The checkpoint could not be written: {cause.Message} Nothing is lost; the database goes "
        + "on, and the next checkpoint tries again.",
        innerException: cause);
}
