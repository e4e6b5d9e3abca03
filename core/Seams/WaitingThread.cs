using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace NeuroDb;

/// <summary>
/// A thread for work that waits for devices. The pool has about one thread for each processor: one
/// that waits there leaves a processor idle, and what is queued waits behind what others queued. A
/// thread without work is used again, and ends after a while.
/// </summary>
internal sealed class WaitingThread
{
    private const int IdleMsMax = 5000;
    private static readonly ConcurrentStack<WaitingThread> Idle = new();
    private static readonly Queue<Action> Started = new();
    private static bool _hasStarter;
    private readonly object _gate = new();
    private Action? _next;
    private bool _isEnded;

    private WaitingThread(Action first)
    {
        _next = first;
        var thread = new Thread(RunAll) { Name = "NeuroStore device", IsBackground = true };
        thread.UnsafeStart();
    }

    /// <summary>
    /// Makes ready what <see cref="Run"/> needs, so that it never waits for a thread that starts.
    /// </summary>
    public static void Prepare()
    {
        lock (Started)
        {
            if (!_hasStarter)
            {
                _hasStarter = true;
                var thread = new Thread(StartAll)
                {
                    Name = "NeuroStore starter",
                    IsBackground = true,
                };
                thread.UnsafeStart();
            }
        }
    }

    /// <summary>Runs an action, which must not throw, on a thread of this kind.</summary>
    public static void Run(Action action)
    {
        if (TryGiveToIdle(action))
        {
            return;
        }

        // A thread starts only when no collection is beginning or ending: in a tenth of a
        // millisecond, or in twenty. Who asks may be a commit.
        Prepare();
        lock (Started)
        {
            Started.Enqueue(action);
            Monitor.Pulse(Started);
        }
    }

    private static bool TryGiveToIdle(Action action)
    {
        while (Idle.TryPop(out WaitingThread? thread))
        {
            if (thread.TryGive(action))
            {
                return true;
            }
        }

        return false;
    }

    private static void StartAll()
    {
        while (true)
        {
            Action? action;
            lock (Started)
            {
                while (!Started.TryDequeue(out action))
                {
                    Monitor.Wait(Started);
                }
            }

            if (!TryGiveToIdle(action))
            {
                _ = new WaitingThread(action);
            }
        }
    }

    private bool TryGive(Action action)
    {
        lock (_gate)
        {
            if (_isEnded)
            {
                return false;
            }

            Invariant.Check(_next is null);
            _next = action;
            Monitor.Pulse(_gate);
            return true;
        }
    }

    private void RunAll()
    {
        while (TryTake(out Action? action))
        {
            action();
            Idle.Push(this);
        }
    }

    private bool TryTake([NotNullWhen(true)] out Action? action)
    {
        lock (_gate)
        {
            while (_next is null && !_isEnded)
            {
                // Who is given work just when the time is over has it before the wait returns.
                _isEnded = !Monitor.Wait(_gate, IdleMsMax) && _next is null;
            }

            action = _next;
            _next = null;
            return action is not null;
        }
    }
}
