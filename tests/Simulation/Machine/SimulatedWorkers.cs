using System.Collections.Concurrent;

namespace NeuroDb.Tests.Simulation;

/// <summary>
/// Workers that run what they are given at once on the calling thread, or when the test says so,
/// so that a run repeats. Work that is put off too long, because the engine waits for it in a call
/// that the test is in, is run by a thread of its own, and counted.
/// </summary>
internal sealed class SimulatedWorkers(bool isDeferred) : IWorkers, IDisposable
{
    private const int PatienceMs = 300;
    private readonly ConcurrentQueue<Action> _actions = new();
    private Timer? _rescue;
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
        if (!isDeferred)
        {
            action();
            return;
        }

        _actions.Enqueue(action);
        if (!_isRunning)
        {
            _isRunning = true;
            _rescue = new Timer(_ => Rescue(), null, PatienceMs, PatienceMs);
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

    private void Rescue()
    {
        if (!_actions.IsEmpty)
        {
            RescueCount++;
            RunDeferred();
        }
    }
}
