using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Makes the contexts in which the statements of one session run, from its settings of that
/// moment.
/// </summary>
internal sealed class SessionContexts(
    QueryEngine engine, SessionSettings settings, ChangeCounters changes)
    : IDisposable
{
    private readonly CopyFiles _files = new(engine.Seams.Files, engine.Options.FileRoots);
    private ExecutionContext? _spare;
    private LimitedWorkers? _workers;
    private AcceleratorSelection? _device;
    private AcceleratorChoice _deviceChoice;

    /// <summary>The way to files that statements name.</summary>
    public CopyFiles Files => _files;

    /// <summary>Who is told how far a COPY is; null if nobody asked.</summary>
    public IProgress<CopyProgress>? CopyProgress { get; set; }

    /// <summary>Who is told how far a training is; null if nobody asked.</summary>
    public IProgress<ModelProgress>? ModelProgress { get; set; }

    /// <summary>The temporary tables and views of the session.</summary>
    public TemporaryStore Temporaries { get; } = new(engine);

    /// <summary>The notices of the statement before the one that begins.</summary>
    public IReadOnlyList<string> LastNotices { get; set; } = [];

    /// <summary>What the open transaction has still to satisfy.</summary>
    public ConstraintQueue Deferred { get; set; } = new();

    /// <inheritdoc/>
    public void Dispose() => Temporaries.Dispose();

    /// <summary>
    /// A context for a change, which is over when it returns; to be given back if it went well.
    /// </summary>
    public ExecutionContext Rent(
        StorageTransaction transaction,
        Value[] parameters,
        IReadOnlyList<string> notices,
        CancellationToken cancellation)
    {
        ExecutionContext? spare = _spare;
        _spare = null;
        if (spare is null || !Fits(spare))
        {
            return Create(transaction, parameters, notices, cancellation);
        }

        spare.LastNotices = LastNotices;
        spare.Restart(transaction, parameters, notices, settings.StatementTimeout, cancellation);
        return spare;
    }

    /// <summary>Takes a context back that nobody holds any more.</summary>
    public void Return(ExecutionContext context)
    {
        context.Release();
        _spare = context;
    }

    /// <summary>A context for one execution.</summary>
    public ExecutionContext Create(
        StorageTransaction transaction,
        Value[] parameters,
        IReadOnlyList<string> notices,
        CancellationToken cancellation)
    {
        var context = new ExecutionContext
        {
            Transaction = transaction,
            Parameters = parameters,
            Sequences = engine.Sequences,
            Temporaries = Temporaries,
            Models = engine.Models,
            Answers = engine.Answers,
            Activity = engine.Answers.Activity,
            Deferred = Deferred,
            LastNotices = LastNotices,
            EnforcesForeignKeys = settings.EnforcesForeignKeys,
            Workers = Workers(),
            ThreadCount = Math.Min(settings.Threads, engine.Seams.Workers.Count),
            Arrays = engine.Arrays,
            Spill = engine.Spill,
            OperatorMemoryBytes = settings.OperatorMemoryBytes,
            KeptMemoryBytes = settings.KeptMemoryBytes,
            Accelerator = Device(),
            Files = _files,
            CopyProgress = CopyProgress,
            ModelProgress = ModelProgress,
            Encoders = engine.Options.Encoders,
            Clock = engine.Seams.Clock,
            Notices = new NoticeList(notices),
            Changes = changes,
            ScalarSubqueryTakesFirst = settings.ScalarSubqueryTakesFirst,
            AllowsMixedVersions = settings.AllowsMixedVersions,
            TimeLimit = settings.StatementTimeout,
            IsApproximate = settings.IsApproximate,
            TimeZone = settings.TimeZone,
            Cancellation = cancellation,
        };
        context.Begin();
        return context;
    }

    /// <summary>
    /// The context of a finished result, restarted together with it; null if the result cannot
    /// serve this statement under the settings of now.
    /// </summary>
    public ExecutionContext? TryRestart(
        StatementResult? finished,
        BoundVariant bound,
        StorageTransaction transaction,
        Value[] parameters,
        CancellationToken cancellation)
    {
        ExecutionContext? context = finished?.ContextFor(bound.Statement);
        if (context is null || !Fits(context))
        {
            return null;
        }

        context.LastNotices = LastNotices;
        context.Restart(
            transaction, parameters, bound.Notices, settings.StatementTimeout, cancellation);
        finished!.Restart();
        return context;
    }

    // Whether what a context was made with are the settings of now.
    private bool Fits(ExecutionContext context) =>
        context.ThreadCount == Math.Min(settings.Threads, engine.Seams.Workers.Count)
        && context.OperatorMemoryBytes == settings.OperatorMemoryBytes
        && context.KeptMemoryBytes == settings.KeptMemoryBytes
        && ReferenceEquals(context.Deferred, Deferred)
        && ReferenceEquals(context.CopyProgress, CopyProgress)
        && context.EnforcesForeignKeys == settings.EnforcesForeignKeys
        && context.ScalarSubqueryTakesFirst == settings.ScalarSubqueryTakesFirst
        && context.AllowsMixedVersions == settings.AllowsMixedVersions
        && context.IsApproximate == settings.IsApproximate
        && ReferenceEquals(context.TimeZone, settings.TimeZone)
        && ReferenceEquals(context.Accelerator, Device());

    // The kernels of a statement use no more threads than its operators.
    private IWorkers Workers()
    {
        IWorkers all = engine.Seams.Workers;
        if (settings.Threads >= all.Count)
        {
            return all;
        }

        if (_workers?.Count != settings.Threads)
        {
            _workers = new LimitedWorkers(all, settings.Threads);
        }

        return _workers;
    }

    private AcceleratorSelection Device()
    {
        if (_device is null || _deviceChoice != settings.Accelerator)
        {
            _device = engine.Accelerators.Resolve(settings.Accelerator);
            _deviceChoice = settings.Accelerator;
        }

        return _device;
    }
}
