using System.Diagnostics;

namespace NeuroDb.Tests.Simulation;

/// <summary>
/// A program that uses a database on a simulated disk, step after step, chosen by a seed, and
/// notes in the history what was promised when. The database may fail under it where the disk
/// does; what is then not known the history keeps open.
/// </summary>
internal sealed partial class Workload : IImageProgram
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
        RefuseOtherKey();
        long start = Stopwatch.GetTimestamp();
        bool isOpen = Try(() =>
        {
            // The budgets of simulated machines are small for the cache, not to refuse statements.
            _session = OpenDatabase().OpenSession();
            _session.Execute("SET kept_memory = 1000000000");
        });
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
                _session!, History.States.Allowed(_disk.OperationCount), _random, isFull,
                out string? fault);
            SimulationException.Demand(fault);
            _state = found!;
            History.States.Begin(_state, _disk.OperationCount);
            History.States.Acknowledge(_disk.OperationCount);
            CheckIntegrity(isFull);
            CheckBackup();
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

    /// <summary>
    /// A commit that changes nothing writes nothing, also of what is unwritten from before.
    /// </summary>
    private void Acknowledge(ModelState after)
    {
        if (after.Digest != _state.Digest)
        {
            History.States.Acknowledge(_disk.OperationCount);
        }
    }

    /// <summary>After a commit that failed the database itself says what it sees.</summary>
    private void Conclude(bool isDone, ModelState after)
    {
        if (isDone)
        {
            _commitCount++;
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
        History.States.Begin(_state, _disk.OperationCount);
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
