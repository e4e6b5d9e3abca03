using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Makes, in the background, the values of generated columns that do not come with their rows: a
/// few rows at a time, each time in a small transaction of its own, as fast as its pace allows
/// beside what users do. The notes in the rows say what is left, so after a crash it goes on where
/// it was. Short rests it takes on its thread, in others it holds none and the clock wakes it. One
/// for each open database.
/// </summary>
internal sealed class AnswerWork : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan StepMax = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan WhenBlocked = TimeSpan.FromMilliseconds(20);

    // Above, a thread is given back: below, waking the pool costs more than the slices do.
    private static readonly TimeSpan InPlaceMax = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan WhenFailed = TimeSpan.FromSeconds(30);

    private readonly QueryEngine _engine;
    private readonly SessionContexts _contexts;
    private readonly CancellationTokenSource _closing = new();
    private readonly object _gate = new();
    private readonly Dictionary<(int Table, int Ordinal), (TableEntry Table, long Time)>
        _complete = [];
    private readonly Dictionary<(int Table, int Ordinal), AnswerBacklog> _backlogs = [];
    private List<(TableEntry Table, int Ordinal)> _waiting = [];
    private long? _waitingVersion;
    private TimeSpan _owed;
    private long _restingSince;
    private ITimer? _timer;
    private bool _isScheduled;
    private bool _isRunning;
    private bool _isWoken;
    private bool _isClosed;
    private bool _hasFailed;

    /// <summary>Prepares the work of a database; it begins when there is some.</summary>
    public AnswerWork(QueryEngine engine)
    {
        _engine = engine;
        Gate = new AnswerGate(engine.Seams.Clock);
        Activity = new StatementActivity(engine.Seams.Clock);
        SessionSettings settings = SessionSettings.Of(engine);
        settings.Threads = 1;
        _contexts = new SessionContexts(engine, settings, new ChangeCounters());
    }

    /// <summary>Keeps users' changes and the work apart.</summary>
    public AnswerGate Gate { get; }

    /// <summary>How fast it may go.</summary>
    public WorkPace Pace => _engine.Pace;

    /// <summary>Whether users run statements.</summary>
    public StatementActivity Activity { get; }

    /// <summary>What keeps values from being made.</summary>
    public AnswerProblems Problems { get; } = new();

    /// <summary>Whether it works or will, without being woken.</summary>
    public bool IsAwake
    {
        get
        {
            lock (_gate)
            {
                return _isScheduled || _isRunning;
            }
        }
    }

    /// <summary>Begins to watch for work: a statement that makes some calls it.</summary>
    public void Arm() => Gate.Arm();

    /// <summary>Goes on with what an earlier opening of the database left.</summary>
    public void Resume()
    {
        using StorageTransaction transaction = _engine.Storage.Begin();
        if (transaction.Catalog.Tables.Any(static table => AnswerColumns.HasNotes(table.Schema)))
        {
            Arm();
            Wake();
        }
    }

    /// <summary>Lets a user go, who may have made work.</summary>
    public void Leave(AnswerTicket ticket)
    {
        Gate.Leave(ticket);
        if (ticket.HasWritten)
        {
            Wake();
        }
    }

    /// <summary>Looks for work soon, if there may be any.</summary>
    public void Look()
    {
        if (Gate.IsArmed)
        {
            Wake();
        }
    }

    /// <summary>Looks for work soon.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _isWoken = true;
            if (!_isRunning && !_isScheduled)
            {
                Schedule(Soon);
            }
        }
    }

    /// <summary>
    /// Whether a column had all its values when its table was last changed: then there is nothing
    /// to look for. For the thread of the work.
    /// </summary>
    public bool IsComplete(TableEntry table, int ordinal) =>
        _complete.TryGetValue((table.Id, ordinal), out var known)
        && ReferenceEquals(known.Table, table) && table.Rows.LastChange <= known.Time;

    /// <summary>Notes that a column has all its values at a time.</summary>
    public void NoteComplete(TableEntry table, int ordinal, long time) =>
        _complete[(table.Id, ordinal)] = (table, time);

    /// <summary>What is known of a column between slices. For the thread of the work.</summary>
    public AnswerBacklog BacklogOf(TableEntry table, AnswerColumn column)
    {
        (int Table, int Ordinal) key = (table.Id, column.Ordinal);
        if (!_backlogs.TryGetValue(key, out AnswerBacklog? backlog)
            || !backlog.IsOf(table, column))
        {
            _backlogs[key] = backlog = new AnswerBacklog(table, column);
        }

        return backlog;
    }

    /// <summary>Ends; waits for the step that runs.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isClosed = true;
            _closing.Cancel();
            _timer?.Dispose();
            Monitor.PulseAll(_gate);
            while (_isRunning)
            {
                Monitor.Wait(_gate);
            }
        }

        _contexts.Dispose();
        _closing.Dispose();
    }

    private void Schedule(TimeSpan due)
    {
        if (_isClosed)
        {
            return;
        }

        _timer ??= _engine.Seams.Clock.CreateTimer(
            static work => ((AnswerWork)work!).OnTimer(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        _isScheduled = true;
        Activity.IsWatched = true;
        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            if (_isRunning || _isClosed || !_isScheduled)
            {
                return;
            }

            _isScheduled = false;

            _isRunning = true;
            _isWoken = false;
        }

        _engine.Seams.Workers.RunWaiting(Step);
    }

    private void Step()
    {
        while (TryStep())
        {
        }
    }

    // Whatever keeps the work from going on, the database does. Whether it goes on at once.
    private bool TryStep()
    {
        bool goesOn;
        var outcome = AnswerOutcome.Failed;
        TimeSpan rested = _engine.Seams.Clock.GetElapsedTime(_restingSince);
        _owed = _owed > rested ? _owed - rested : TimeSpan.Zero;
        try
        {
            outcome = Run(out TimeSpan worked, out bool isBeside);
            _owed += Pace.RestAfter(worked, isBeside);
        }
        catch (Exception failure) when (failure is NeuroStoreException or IOException
            or UnauthorizedAccessException or OperationCanceledException
            or ObjectDisposedException)
        {
            outcome = AnswerOutcome.Failed;
        }
        finally
        {
            goesOn = Rest(outcome);
        }

        return goesOn;
    }

    // The clock counts milliseconds, and wakes late: what a rest was too short or too long counts
    // for the next one.
    private bool Rest(AnswerOutcome outcome)
    {
        _restingSince = _engine.Seams.Clock.GetTimestamp();
        TimeSpan rest = _owed > WorkPace.RestMin ? _owed : WorkPace.RestMin;
        lock (_gate)
        {
            TimeSpan? due = outcome switch
            {
                AnswerOutcome.Working => rest,
                AnswerOutcome.Blocked => rest > WhenBlocked ? rest : WhenBlocked,
                AnswerOutcome.Failed => WhenFailed,
                _ => null,
            };
            if (outcome == AnswerOutcome.Working && rest <= InPlaceMax && !_isClosed
                && _engine.Seams.Workers.CanWaitForTime)
            {
                _isWoken = false;
                Monitor.Wait(_gate, rest);
                if (!_isClosed)
                {
                    return true;
                }
            }

            due = _isWoken && outcome != AnswerOutcome.Blocked ? due ?? Soon : due;
            _isRunning = false;
            Activity.IsWatched = due is not null;
            if (due is { } time)
            {
                Schedule(time);
            }
            else
            {
                _backlogs.Clear();
            }

            Monitor.PulseAll(_gate);
            return false;
        }
    }

    // Beside users one slice for each column that waits; alone, until some time has passed or a
    // user comes.
    private AnswerOutcome Run(out TimeSpan worked, out bool isBeside)
    {
        if (_hasFailed)
        {
            Problems.TryAgain();
        }

        long start = _engine.Seams.Clock.GetTimestamp();
        TimeSpan uncounted = TimeSpan.Zero;
        isBeside = IsBeside();
        var outcome = AnswerOutcome.Complete;
        foreach ((TableEntry table, int ordinal) in Waiting())
        {
            AnswerOutcome one = Run(table, ordinal, start, ref isBeside, ref uncounted);
            outcome = one > outcome ? one : outcome;
        }

        _hasFailed = outcome == AnswerOutcome.Failed;
        worked = _engine.Seams.Clock.GetElapsedTime(start) - uncounted;
        return outcome;
    }

    private bool IsBeside() =>
        Activity.Look() && Pace.SharePercent < WorkPace.SharePercentMax;

    private AnswerOutcome Run(
        TableEntry table, int ordinal, long start, ref bool isBeside, ref TimeSpan uncounted)
    {
        var batch = new AnswerBatch(_engine, this, _contexts, _closing.Token);
        try
        {
            AnswerOutcome outcome;
            do
            {
                outcome = batch.Run(table.Schema.Name, ordinal, isBeside);
                uncounted += batch.Uncounted;
                isBeside |= IsBeside();
            }
            while (outcome == AnswerOutcome.Working && !isBeside
                && _engine.Seams.Clock.GetElapsedTime(start) < StepMax);
            return outcome;
        }
        catch (NeuroStoreException failure) when (failure.Code != ErrorCode.Cancelled)
        {
            Problems.Add(table.Id, ordinal, failure.Message);
            return AnswerOutcome.Failed;
        }
    }

    private List<(TableEntry Table, int Ordinal)> Waiting()
    {
        using StorageTransaction transaction = _engine.Storage.Begin();
        if (_waitingVersion != transaction.Catalog.Version)
        {
            _waiting = [.. transaction.Catalog.Tables
                .Where(static table => AnswerColumns.HasNotes(table.Schema))
                .SelectMany(static table => AnswerColumns.Of(table.Schema)
                    .Where(static column => column.Note >= 0)
                    .Select(column => (table, column.Ordinal)))];
            _waitingVersion = transaction.Catalog.Version;
        }

        return _waiting;
    }
}
