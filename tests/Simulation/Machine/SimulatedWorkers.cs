using System.Collections.Concurrent;
using NeuroDb.Storage;

namespace NeuroDb.Tests.Simulation;

/// <summary>
/// Workers that run what they are given at once on the calling thread, or when the test says so,
/// so that a run repeats. Work that was put off and that the engine waits for in a call that the
/// test is in is run by a thread of its own, and counted.
/// </summary>
internal sealed class SimulatedWorkers(bool isDeferred) : IWorkers, IDisposable
{
    private const int PeriodMs = 10;
    private const int PatiencePeriods = 2;
    private readonly ConcurrentQueue<Action> _actions = new();
    private Timer? _rescue;
    private Thread? _owner;
    private int _waitingPeriods;
    private bool _isRunning;

    /// <inheritdoc/>
    public int Count => 1;

    /// <summary>The times that work had to be run by a thread of its own.</summary>
    public int RescueCount { get; private set; }

    /// <summary>The threads that live on.</summary>
    public int ThreadCount { get; private set; }

    /// <summary>Runs what was put off.</summary>
    public void RunDeferred()
    {
        while (_actions.TryDequeue(out Action? action))
        {
            action();
        }
    }

    /// <inheritdoc/>
    public void Run(Action action)
    {
        if (!isDeferred || IsAwaited(action))
        {
            action();
            return;
        }

        _actions.Enqueue(action);
        _owner = Thread.CurrentThread;
        if (!_isRunning)
        {
            _isRunning = true;
            _rescue = new Timer(_ => Rescue(), null, PeriodMs, PeriodMs);
        }
    }

    /// <inheritdoc/>
    public void ForEach(int count, Action<int> body)
    {
        for (int i = 0; i < count; i++)
        {
            body(i);
        }
    }

    /// <inheritdoc/>
    public IDisposable Start(string name, Action<CancellationToken> body)
    {
        ThreadCount++;
        return new BackgroundThread(name, body);
    }

    /// <inheritdoc/>
    public void Dispose() => _rescue?.Dispose();

    /// <summary>Whether the one who gives it waits for it in the same call.</summary>
    private static bool IsAwaited(Action action)
    {
        Type? type = action.Method.DeclaringType;
        type = type?.DeclaringType ?? type;
        return type == typeof(PartWriter) || type == typeof(BulkWriter)
            || type == typeof(BackgroundWork);
    }

    private void Rescue()
    {
        // A thread that is only slow is left alone, so that runs repeat.
        bool isWaiting = _owner?.ThreadState.HasFlag(System.Threading.ThreadState.WaitSleepJoin)
            ?? false;
        _waitingPeriods = isWaiting && !_actions.IsEmpty ? _waitingPeriods + 1 : 0;
        if (_waitingPeriods >= PatiencePeriods)
        {
            _waitingPeriods = 0;
            RescueCount++;
            RunDeferred();
        }
    }
}
