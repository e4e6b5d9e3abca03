using System.Diagnostics;

namespace NeuroDb.Tests.Simulation;

/// <summary>
/// A program that uses a database on a simulated disk, step after step, chosen by a seed, and
/// notes in the history what was promised when. The database may fail under it where the disk
/// does; what is then not known the history keeps open.
/// </summary>
internal sealed class Workload : IDisposable
{
    private readonly SimulatedDisk _disk;
    private readonly MachineShape _shape;
    private readonly SeededRandomSource _random;
    private readonly ChangeGenerator _changes;
    private SimulatedProcess _process;
    private Session? _session;
    private ModelState _state = ModelState.Empty;
    private readonly LeftoverCheck _leftovers = new();
    private OpenReader? _reader;

    /// <summary>Makes the program; <see cref="Open"/> starts it.</summary>
    public Workload(
        SimulatedDisk disk, MachineShape shape, SeededRandomSource random, CommitHistory history)
    {
        _disk = disk;
        _shape = shape;
        _random = random;
        _changes = new ChangeGenerator(random);
        History = history;
        _process = new SimulatedProcess(disk, shape, random.NextUInt64());
    }

    /// <summary>What was promised when.</summary>
    public CommitHistory History { get; }

    /// <summary>Whether the disk is made to fail, so that typed errors are expected.</summary>
    public bool MayFail { get; init; }

    /// <summary>Whether the disk is made to fail where files are removed.</summary>
    public bool MayLeaveFiles { get; init; }

    /// <summary>Is told each statement, where somebody wants to read them.</summary>
    public Action<string>? Trace { get; init; }

    /// <summary>The size of the rare large rows.</summary>
    public int LargeSizeBytes { get; init; } = 30_000;

    /// <summary>The errors that the engine raised and was allowed to.</summary>
    public int ErrorCount { get; private set; }

    /// <summary>Whether the database is open.</summary>
    public bool IsOpen => _session is not null;

    /// <summary>The time in which databases were opened.</summary>
    public TimeSpan OpenTime { get; private set; }

    /// <summary>The time in which they were closed.</summary>
    public TimeSpan CloseTime { get; private set; }

    /// <summary>The work that another thread had to do.</summary>
    public int RescueCount { get; private set; }

    /// <summary>Opens the database and compares it with the history.</summary>
    /// <exception cref="SimulationException">It holds something else.</exception>
    public void Open(bool isFull = false)
    {
        Trace?.Invoke($"{_disk.OperationCount}: open");
        long start = Stopwatch.GetTimestamp();
        bool isOpen = Try(() => _session = _process.Open().OpenSession());
        OpenTime += Stopwatch.GetElapsedTime(start);
        if (!isOpen)
        {
            SimulationException.Demand(_process.Leak);
            return;
        }

        SimulationException.Demand(_leftovers.Check(_disk));
        bool isRead = Try(() =>
        {
            ModelState? found = DatabaseCheck.Match(
                _session!, History.Allowed(_disk.OperationCount), _random, isFull,
                out string? fault);
            SimulationException.Demand(fault);
            _state = found!;
            History.Begin(_state, _disk.OperationCount);
            History.Acknowledge(_disk.OperationCount);
        });
        if (!isRead)
        {
            End(isKilled: false);
        }
    }

    /// <summary>Runs steps.</summary>
    public void Run(int count)
    {
        for (int i = 0; i < count && IsOpen; i++)
        {
            int errors = ErrorCount;
            Step();
            if (ErrorCount > errors && IsOpen && _random.OneIn(2))
            {
                Restart(_random.OneIn(2));
            }
        }
    }

    /// <summary>Starts the program again after its database could not be opened.</summary>
    public void OpenAgain()
    {
        _process.Dispose();
        _process = new SimulatedProcess(_disk, _shape, _random.NextUInt64());
        Open();
    }

    /// <summary>Ends the program, in good order or by SIGKILL.</summary>
    public void End(bool isKilled)
    {
        Trace?.Invoke($"{_disk.OperationCount}: {(isKilled ? "killed" : "closed")}");
        bool isReading = _random.OneIn(4) && _reader is not null;
        if (!isReading)
        {
            EndReader(isChecked: !isKilled && _random.OneIn(2));
        }

        _session?.Dispose();
        _session = null;
        long start = Stopwatch.GetTimestamp();
        if (isKilled)
        {
            _process.Kill();
        }
        else
        {
            Try(_process.Close);
            SimulationException.Demand(_process.Leak);
            if (!MayLeaveFiles && !isReading)
            {
                _leftovers.Note(_disk);
            }
        }

        EndReader(isChecked: false);
        CloseTime += Stopwatch.GetElapsedTime(start);
        RescueCount += _process.RescueCount;
        _process.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader?.Dispose();
        _session?.Dispose();
        _process.Dispose();
    }

    private void Step()
    {
        switch (_random.Below(30))
        {
            case 0:
                Restart(_random.OneIn(2));
                break;
            case 1 or 2:
                Maintain();
                break;
            case 3 or 4:
                CommitLater();
                break;
            case 5:
                AutoCommit(_changes.NextLarge(_state, LargeSizeBytes));
                break;
            case < 14:
                RunTransaction();
                break;
            default:
                AutoCommit(_changes.Next(_state));
                break;
        }

        if (IsOpen && _random.OneIn(6))
        {
            Read();
        }

        if (_random.OneIn(2))
        {
            _process.Settle(_random.Below(20));
        }
    }

    /// <summary>Begins a transaction that only reads, or ends it after another look.</summary>
    private void Read()
    {
        if (_reader is not null)
        {
            EndReader(isChecked: true);
            return;
        }

        Trace?.Invoke($"{_disk.OperationCount}: a reader begins");
        Try(() => _reader = new OpenReader(_process.Database, _state, _random));
    }

    private void EndReader(bool isChecked)
    {
        OpenReader? reader = _reader;
        _reader = null;
        if (reader is null)
        {
            return;
        }

        Trace?.Invoke($"{_disk.OperationCount}: the reader ends");
        if (isChecked)
        {
            Try(() => SimulationException.Demand(reader.Check(_random)));
        }

        reader.Dispose();
    }

    private void Restart(bool isKilled)
    {
        End(isKilled);
        _process = new SimulatedProcess(_disk, _shape, _random.NextUInt64());
        Open();
    }

    private void Maintain()
    {
        if (Statements.Maintenance.Count > 0)
        {
            string sql = _random.Of(Statements.Maintenance);
            Try(() =>
            {
                Execute(sql);
                History.Acknowledge(_disk.OperationCount);
            });
        }
    }

    private void AutoCommit(Change change)
    {
        History.Begin(change.After, _disk.OperationCount);
        bool isDone = Try(() =>
        {
            Execute(change.Sql, change.Parameters);
            Acknowledge(change.After);
        });
        Conclude(isDone, change.After);
    }

    /// <summary>Commits of which nothing is promised until time has passed.</summary>
    private void CommitLater()
    {
        if (!Try(() => Execute("SET durability = 'async'")))
        {
            return;
        }

        int count = 1 + _random.Below(4);
        for (int i = 0; i < count; i++)
        {
            Change change = _changes.Next(_state);
            History.Begin(change.After, _disk.OperationCount);
            bool isDone = Try(() => Execute(change.Sql, change.Parameters));
            Conclude(isDone, change.After);
        }

        if (_random.OneIn(2))
        {
            const int AsyncLossMs = 200;
            _process.Settle(AsyncLossMs + 1);
            if (!MayFail)
            {
                History.Acknowledge(_disk.OperationCount);
            }
        }

        Try(() => Execute("SET durability = 'full'"));
    }

    private void RunTransaction()
    {
        ModelState working = _state;
        bool isDone = Try(() =>
        {
            Execute("BEGIN");
            working = RunStatements(working, 1 + _random.Below(4));
            if (_random.OneIn(3))
            {
                Execute("SAVEPOINT s");
                ModelState inner = RunStatements(working, 1 + _random.Below(3));
                bool isUndone = _random.OneIn(2);
                Execute(isUndone ? "ROLLBACK TO s" : "RELEASE s");
                working = RunStatements(isUndone ? working : inner, 1);
            }

            if (_changes.NextDuplicate(working) is { } duplicate && _random.OneIn(3))
            {
                ExpectDuplicate(duplicate);
            }
        });
        if (!isDone || _random.OneIn(5))
        {
            Try(() => Execute("ROLLBACK"), mayLackTransaction: true);
            return;
        }

        History.Begin(working, _disk.OperationCount);
        isDone = Try(() =>
        {
            Execute("COMMIT");
            Acknowledge(working);
        });
        Conclude(isDone, working);
    }

    private ModelState RunStatements(ModelState state, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Change change = _changes.Next(state);
            Execute(change.Sql, change.Parameters);
            state = change.After;
        }

        return state;
    }

    private void ExpectDuplicate(string sql)
    {
        try
        {
            Execute(sql);
        }
        catch (ConstraintException)
        {
            return;
        }

        throw new SimulationException($"a duplicate was taken: {sql}");
    }

    /// <summary>
    /// A commit that changes nothing writes nothing, also of what is unwritten from before.
    /// </summary>
    private void Acknowledge(ModelState after)
    {
        if (after.Digest != _state.Digest)
        {
            History.Acknowledge(_disk.OperationCount);
        }
    }

    /// <summary>After a commit that failed the database itself says what it sees.</summary>
    private void Conclude(bool isDone, ModelState after)
    {
        if (isDone)
        {
            _state = after;
            return;
        }

        Try(() => Execute("ROLLBACK"), mayLackTransaction: true);
        Try(() =>
        {
            ModelState? found = DatabaseCheck.Match(
                _session!, [_state, after], _random, isFull: false, out string? fault);
            SimulationException.Demand(fault);
            _state = found!;
        });
        History.Begin(_state, _disk.OperationCount);
    }

    private bool Try(Action action, bool mayLackTransaction = false)
    {
        try
        {
            action();
            return true;
        }
        catch (NeuroStoreException error) when (
            MayFail && error.Code is ErrorCode.InputOutput or ErrorCode.DatabaseStopped
            || mayLackTransaction && error.Code == ErrorCode.NoTransaction)
        {
            ErrorCount++;
            return false;
        }
    }

    private void Execute(string sql, params ReadOnlySpan<object?> parameters)
    {
        Trace?.Invoke($"{_disk.OperationCount}: {sql}");
        _session!.Execute(sql, parameters);
    }
}
