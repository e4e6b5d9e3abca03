using System.Collections.ObjectModel;
using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// What one execution of a statement may use: its snapshot, parameters and resources.
/// </summary>
internal sealed class ExecutionContext
{
    private StorageTransaction? _transaction;
    private Value[] _parameters = [];
    private CancellationToken _cancellation;
    private TimeSpan _timeLimit;
    private long _startTimestamp;
    private long? _nowMicroseconds;
    private ExecutionState? _state;
    private SequenceStore? _sequences;
    private TemporaryStore? _temporaries;
    private ModelStore? _models;
    private AnswerWork? _answers;
    private ConstraintQueue? _deferred;
    private ChangeCounters? _changes;
    private Dictionary<TableEntry, TableSnapshot>? _frozen;

    /// <summary>The transaction whose snapshot is read and whose write set is filled.</summary>
    public required StorageTransaction Transaction
    {
        get => _transaction ?? throw Invariant.Broken("an execution that runs");
        init => _transaction = value;
    }

    /// <summary>
    /// The rows that parts of one statement changed, which later parts leave as they are; null
    /// where the statement has one part.
    /// </summary>
    public HashSet<(TableEntry Table, long RowId)>? ChangedRows { get; private set; }

    /// <summary>What operators remember for the whole execution of the statement.</summary>
    public ExecutionState State => _state ??= new ExecutionState();

    /// <summary>What operators remember so far; null if nothing.</summary>
    public ExecutionState? StateSoFar => _state;

    /// <summary>
    /// Where operators put rows beyond their memory; null where there is no such place.
    /// </summary>
    public SpillSpace? Spill { get; init; }

    /// <summary>The bytes of rows that one operator may keep, about.</summary>
    public long OperatorMemoryBytes { get; init; } = long.MaxValue;

    /// <summary>
    /// The bytes of rows, about, that an operator may keep that has no way to put them on disk.
    /// </summary>
    public long KeptMemoryBytes { get; init; } = long.MaxValue;

    /// <summary>The memory of the last INSERT of one row; null if there is none.</summary>
    public RowCells? Cells { get; set; }

    /// <summary>What is disposed when the statement ends.</summary>
    public OwnedResources Owned { get; private init; } = new();

    /// <summary>Large arrays that operators use again.</summary>
    public LargeArrays Arrays { get; init; } = LargeArrays.None;

    /// <summary>How many threads the statement may use at once.</summary>
    public int ThreadCount { get; init; } = 1;

    /// <summary>The parameter values, by ordinal.</summary>
    public Value[] Parameters
    {
        get => _parameters;
        init => _parameters = value;
    }

    /// <summary>The values of the enclosing query's row, for a correlated subquery.</summary>
    public Value[] OuterValues { get; init; } = [];

    /// <summary>The sequences of the database.</summary>
    public SequenceStore Sequences
    {
        get => _sequences ?? throw Invariant.Broken("a statement of a session");
        init => _sequences = value;
    }

    /// <summary>The models of the database.</summary>
    public ModelStore Models
    {
        get => _models ?? throw Invariant.Broken("a statement of a session");
        init => _models = value;
    }

    /// <summary>What makes values of generated columns in the background.</summary>
    public AnswerWork Answers
    {
        get => _answers ?? throw Invariant.Broken("a statement of a session");
        init => _answers = value;
    }

    /// <summary>Learns that a statement runs; null where nobody wants to know.</summary>
    public StatementActivity? Activity { get; init; }

    /// <summary>The temporary tables and views of the session.</summary>
    public TemporaryStore Temporaries
    {
        get => _temporaries ?? throw Invariant.Broken("a statement of a session");
        init => _temporaries = value;
    }

    /// <summary>The notices of the statement before.</summary>
    public IReadOnlyList<string> LastNotices { get; set; } = [];

    /// <summary>What the transaction has still to satisfy when it commits.</summary>
    public ConstraintQueue Deferred
    {
        get => _deferred ??= new ConstraintQueue();
        init => _deferred = value;
    }

    /// <summary>Whether foreign keys are looked at.</summary>
    public bool EnforcesForeignKeys { get; init; } = true;

    /// <summary>How many triggers the statement is inside of.</summary>
    public int TriggerDepth { get; private init; }

    /// <summary>The threads for parallel operators.</summary>
    public required IWorkers Workers { get; init; }

    /// <summary>The device that similarity kernels run on, and why it was chosen.</summary>
    public required AcceleratorSelection Accelerator { get; init; }

    /// <summary>The files that COPY may read and write; null where no statement runs.</summary>
    public CopyFiles? Files { get; init; }

    /// <summary>Who is told how far a COPY is; null if nobody asked.</summary>
    public IProgress<CopyProgress>? CopyProgress { get; init; }

    /// <summary>Who is told how far a training is; null if nobody asked.</summary>
    public IProgress<ModelProgress>? ModelProgress { get; init; }

    /// <summary>The encoders that the program gave, by name.</summary>
    public IReadOnlyDictionary<string, TextVectorizer> Encoders { get; init; } =
        ReadOnlyDictionary<string, TextVectorizer>.Empty;

    /// <summary>The clock.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>
    /// The statement's own time, in microseconds since 1970-01-01 UTC: the same wherever the
    /// statement asks.
    /// </summary>
    public long NowMicroseconds => _nowMicroseconds ??=
        (Clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Where notices of this statement go: defaults chosen, fallbacks taken.</summary>
    public required NoticeList Notices { get; init; }

    /// <summary>Where operators are measured; null outside EXPLAIN ANALYZE.</summary>
    public PlanProfile? Profile { get; private init; }

    /// <summary>What the session changed so far.</summary>
    public ChangeCounters Changes
    {
        get => _changes ??= new ChangeCounters();
        init => _changes = value;
    }

    /// <summary>Whether a scalar subquery of several rows takes the first one.</summary>
    public bool ScalarSubqueryTakesFirst { get; init; }

    /// <summary>Whether vectors of different versions of a model may be compared.</summary>
    public bool AllowsMixedVersions { get; init; }

    /// <summary>How long the statement may run; zero for as long as it takes.</summary>
    public TimeSpan TimeLimit
    {
        get => _timeLimit;
        init => _timeLimit = value;
    }

    /// <summary>Whether indexes of vectors may leave rows out, within their recall.</summary>
    public bool IsApproximate { get; init; } = true;

    /// <summary>The time zone of the session.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Ends the statement early when cancelled; operators look once per batch.</summary>
    public CancellationToken Cancellation
    {
        get => _cancellation;
        init => _cancellation = value;
    }

    /// <summary>
    /// Forgets everything of the execution that is over, so that nothing of the database is kept
    /// alive by it.
    /// </summary>
    public void Release()
    {
        _transaction = null;
        _parameters = [];
        _cancellation = default;
        _nowMicroseconds = null;
        _state = null;
        Cells?.Clear();
        Owned.Dispose();
    }

    /// <summary>Serves another execution of the same session after <see cref="Release"/>.</summary>
    public void Restart(
        StorageTransaction transaction,
        Value[] parameters,
        IReadOnlyList<string> notices,
        TimeSpan timeLimit,
        CancellationToken cancellation)
    {
        Invariant.Check(_transaction is null);
        _transaction = transaction;
        _parameters = parameters;
        _cancellation = cancellation;
        _timeLimit = timeLimit;
        Notices.Restart(notices);
        Begin();
    }

    /// <summary>Searches done together for rows of the enclosing join; null for none.</summary>
    public VectorBatch? VectorSearches { get; private set; }

    /// <summary>The same context for a subquery run for one outer row.</summary>
    public ExecutionContext ForOuterRow(Value[] outerValues, VectorBatch? searches = null)
    {
        ExecutionContext copy = Copy(Parameters, outerValues, Profile);
        copy.VectorSearches = searches;
        return copy;
    }

    /// <summary>A row that was looked up together with others; null for none.</summary>
    public LookedUpRow? LookedUp { get; set; }

    /// <summary>The same context with other parameters.</summary>
    public ExecutionContext ForParameters(Value[] parameters) => Copy(parameters, [], null);

    /// <summary>The context of the statements of a trigger, for one row.</summary>
    public ExecutionContext ForTrigger(Value[] row, string trigger) =>
        TriggerDepth < Limits.TriggerDepthMax
            ? Copy(row, [], null, TriggerDepth + 1)
            : throw new ResourceLimitException(
                ErrorCode.ResourceLimit,
                $"The trigger {trigger} sets off itself more than {Limits.TriggerDepthMax} deep.");

    /// <summary>The same context with its operators measured.</summary>
    public ExecutionContext Measured(PlanProfile profile) =>
        Copy(Parameters, OuterValues, profile);

    /// <summary>
    /// The same context for the parts of a statement that changes rows in several: all of them read
    /// tables as they are now.
    /// </summary>
    public ExecutionContext ForParts(IEnumerable<TableEntry> tables)
    {
        ExecutionContext copy = Copy(Parameters, OuterValues, Profile);
        copy._frozen = _frozen is null ? [] : new(_frozen);
        foreach (TableEntry table in tables)
        {
            copy._frozen.TryAdd(table, Transaction.Open(table));
        }

        copy.ChangedRows = [];
        return copy;
    }

    /// <summary>A table as the statement reads it.</summary>
    public TableSnapshot Open(TableEntry table) =>
        _frozen is not null && _frozen.TryGetValue(table, out TableSnapshot? snapshot)
            ? snapshot
            : Transaction.Open(table);

    /// <summary>Begins to count the time that the statement takes.</summary>
    public void Begin()
    {
        if (_timeLimit > TimeSpan.Zero)
        {
            _startTimestamp = Clock.GetTimestamp();
        }
    }

    /// <summary>Gets what is made when first asked for ready for several threads.</summary>
    public void Share()
    {
        _ = State;
        _ = NowMicroseconds;
    }

    /// <summary>Raises <see cref="ErrorCode.Cancelled"/> if the caller asked to stop.</summary>
    public void ThrowIfCancelled()
    {
        if (_cancellation.IsCancellationRequested)
        {
            throw new NeuroStoreException(
                ErrorCode.Cancelled, "The statement was cancelled; nothing of it was stored.");
        }

        if (_timeLimit > TimeSpan.Zero && Clock.GetElapsedTime(_startTimestamp) > _timeLimit)
        {
            throw new NeuroStoreException(
                ErrorCode.Cancelled,
                $"The statement ran longer than its limit of {_timeLimit.TotalMilliseconds} ms "
                + "and was cancelled; nothing of it was stored. SET statement_timeout changes it.");
        }
    }

    /// <summary>
    /// Raises <see cref="ErrorCode.MemoryLimit"/> if an operator keeps more than it may.
    /// </summary>
    /// <param name="sizeBytes">What it keeps.</param>
    /// <param name="what">The operator or what of it; only its text counts.</param>
    public void CheckKept(long sizeBytes, object what)
    {
        if (sizeBytes > KeptMemoryBytes)
        {
            throw new ResourceLimitException(
                ErrorCode.MemoryLimit,
                $"The rows that are kept for \"{what}\" take more than {KeptMemoryBytes} bytes of "
                + "memory and cannot be put on disk. Let the statement take fewer rows, or raise "
                + "the memory budget or SET kept_memory.");
        }
    }

    private ExecutionContext Copy(
        Value[] parameters, Value[] outerValues, PlanProfile? profile, int? depth = null) => new()
    {
        Transaction = Transaction,
        Parameters = parameters,
        OuterValues = outerValues,
        _state = ReferenceEquals(parameters, Parameters) ? State : null,
        _frozen = depth is null ? _frozen : null,
        ChangedRows = depth is null ? ChangedRows : null,
        _sequences = _sequences,
        _temporaries = _temporaries,
        _models = _models,
        _answers = _answers,
        Deferred = Deferred,
        LastNotices = LastNotices,
        EnforcesForeignKeys = EnforcesForeignKeys,
        TriggerDepth = depth ?? TriggerDepth,
        Workers = Workers,
        ThreadCount = ThreadCount,
        Owned = depth is null ? Owned : new OwnedResources(),
        Arrays = Arrays,
        Spill = Spill,
        OperatorMemoryBytes = OperatorMemoryBytes,
        KeptMemoryBytes = KeptMemoryBytes,
        Accelerator = Accelerator,
        Files = Files,
        CopyProgress = CopyProgress,
        ModelProgress = ModelProgress,
        Encoders = Encoders,
        Clock = Clock,
        _nowMicroseconds = NowMicroseconds,
        _timeLimit = _timeLimit,
        _startTimestamp = _startTimestamp,
        Notices = Notices,
        Changes = Changes,
        Profile = profile,
        ScalarSubqueryTakesFirst = ScalarSubqueryTakesFirst,
        AllowsMixedVersions = AllowsMixedVersions,
        IsApproximate = IsApproximate,
        TimeZone = TimeZone,
        Cancellation = Cancellation,
    };
}
