using System.Diagnostics;

namespace NeuroDb.Tests.Simulation;

/// <summary>
/// A program that fills tables with keys that hurt indexes, changes them by their keys, makes and
/// drops indexes, and asks questions all the while, also within transactions.
/// </summary>
internal sealed class KeyWorkload : IImageProgram
{
    private readonly SimulatedDisk _disk;
    private readonly MachineShape _shape;
    private readonly SeededRandomSource _random;
    private readonly KeyChangeGenerator _changes;
    private readonly KeyHistory _history;
    private SimulatedProcess _process;
    private Session? _session;
    private KeyState _state = KeyState.Empty;

    /// <summary>Makes the program; <see cref="Open"/> starts it.</summary>
    public KeyWorkload(
        SimulatedDisk disk, MachineShape shape, SeededRandomSource random, KeyHistory history)
    {
        _disk = disk;
        _shape = shape;
        _random = random;
        _history = history;
        _changes = new KeyChangeGenerator(random);
        _process = new SimulatedProcess(disk, shape, random.NextUInt64());
    }

    /// <summary>Is told each statement, where somebody wants to read them.</summary>
    public Action<string>? Trace { get; init; }

    /// <summary>So many rows are inserted at once now and then.</summary>
    public int LoadCount { get; init; } = 700;

    /// <inheritdoc/>
    public TimeSpan OpenTime { get; private set; }

    /// <inheritdoc/>
    public TimeSpan CloseTime { get; private set; }

    /// <inheritdoc/>
    public int RescueCount { get; private set; }

    /// <inheritdoc/>
    public void Open(bool isFull = false)
    {
        Note("open");
        long start = Stopwatch.GetTimestamp();
        _session = _process.Open().OpenSession();
        _session.Execute("SET kept_memory = 1000000000");
        OpenTime += Stopwatch.GetElapsedTime(start);
        KeyState? found = KeyCheck.Match(
            _session, _history.States.Allowed(_disk.OperationCount), _random, isFull,
            out string? fault);
        SimulationException.Demand(fault);
        _state = found!;
        _history.States.Begin(_state, _disk.OperationCount);
        _history.States.Acknowledge(_disk.OperationCount);
    }

    /// <inheritdoc/>
    public void Run(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Step();
        }
    }

    /// <inheritdoc/>
    public void End(bool isKilled)
    {
        Note(isKilled ? "killed" : "closed");
        _session?.Dispose();
        _session = null;
        long start = Stopwatch.GetTimestamp();
        if (isKilled)
        {
            _process.Kill();
        }
        else
        {
            _process.Close();
            SimulationException.Demand(_process.Leak);
        }

        CloseTime += Stopwatch.GetElapsedTime(start);
        RescueCount += _process.RescueCount;
        _process.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _session?.Dispose();
        _process.Dispose();
    }

    private void Step()
    {
        switch (_random.Below(24))
        {
            case 0:
                End(_random.OneIn(2));
                _process = new SimulatedProcess(_disk, _shape, _random.NextUInt64());
                Open();
                break;
            case 1 or 2 or 3:
                Maintain();
                break;
            case < 8 when _state.Tables.Count > 0:
                Commit(_changes.NextIndex(_state));
                break;
            case 8:
                Commit(_changes.NextLoad(_state, LoadCount));
                break;
            case < 12:
                RunTransaction();
                break;
            default:
                Commit(_changes.Next(_state));
                break;
        }

        if (_random.OneIn(4))
        {
            Ask(_state);
        }

        if (_random.OneIn(2))
        {
            _process.Settle(_random.Below(20));
        }
    }

    private void Maintain()
    {
        string sql = _random.OneIn(4) ? "VACUUM" : "CHECKPOINT";
        Note(sql);
        _session!.Execute(sql);
        _history.States.Acknowledge(_disk.OperationCount);
    }

    private void Commit(KeyChange change)
    {
        if (change.Appended is not null)
        {
            RunTransaction(change);
            return;
        }

        _history.States.Begin(change.After, _disk.OperationCount);
        Run(change);
        Acknowledge(change.After);
    }

    private void RunTransaction()
    {
        Execute("BEGIN");
        KeyState working = _state;
        for (int i = 1 + _random.Below(4); i > 0; i--)
        {
            KeyChange change = _changes.Next(working);
            Run(change);
            working = change.After;
            if (_random.OneIn(3))
            {
                Ask(working, isInTransaction: true);
            }
        }

        EndTransaction(working);
    }

    private void RunTransaction(KeyChange change)
    {
        Execute("BEGIN");
        Run(change);
        EndTransaction(change.After);
    }

    private void EndTransaction(KeyState working)
    {
        if (_random.OneIn(6))
        {
            Execute("ROLLBACK");
            return;
        }

        _history.States.Begin(working, _disk.OperationCount);
        Execute("COMMIT");
        Acknowledge(working);
    }

    // A commit that changes nothing writes nothing, also of what is unwritten from before.
    private void Acknowledge(KeyState after)
    {
        if (after.Digest != _state.Digest)
        {
            _history.States.Acknowledge(_disk.OperationCount);
        }

        _state = after;
    }

    private void Ask(KeyState state, bool isInTransaction = false)
    {
        if (KeyCheck.Ask(_session!, state, _random, false, isInTransaction) is { } fault)
        {
            throw new SimulationException($"the open database: {fault}");
        }
    }

    private void Run(KeyChange change)
    {
        Note(change.ToString());
        change.Run(_session!);
    }

    private void Execute(string sql)
    {
        Note(sql);
        _session!.Execute(sql);
    }

    private void Note(string what) => Trace?.Invoke($"{_disk.OperationCount}: {what}");
}
