using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace NeuroDb;

/// <summary>
/// A thread for work that waits for devices. The pool has about one thread for each processor: one
/// that waits there leaves a processor idle, and what is queued waits behind what others queued. A
/// thread without work is used again, and ends after a while if another one is idle too: starting a
/// thread takes far longer than waking one, and who asks is often a commit.
/// </summary>
internal sealed class WaitingThread
{
    private const int IdleMsMax = 5000;
    private static readonly ConcurrentStack<WaitingThread> Idle = new();
    private static int _idleCount;
    private readonly object _gate = new();
    private Action? _next;
    private bool _isEnded;

    private WaitingThread(Action? first)
    {
        _next = first;
        var thread = new Thread(RunAll) { Name = "NeuroStore device", IsBackground = true };
        thread.UnsafeStart();
    }

    /// <summary>Runs an action, which must not throw, on a thread of this kind.</summary>
    public static void Run(Action action)
    {
        while (Idle.TryPop(out WaitingThread? thread))
        {
            if (thread.TryGive(action))
            {
                return;
            }
        }

        _ = new WaitingThread(action);
    }

    private static void Rest(WaitingThread thread)
    {
        Interlocked.Increment(ref _idleCount);
        Idle.Push(thread);
    }

    // The last one that is idle stays.
    private static bool TryEnd()
    {
        int count = Volatile.Read(ref _idleCount);
        while (count > 1)
        {
            int seen = Interlocked.CompareExchange(ref _idleCount, count - 1, count);
            if (seen == count)
            {
                return true;
            }

            count = seen;
        }

        return false;
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
            Interlocked.Decrement(ref _idleCount);
            _next = action;
            Monitor.Pulse(_gate);
            return true;
        }
    }

    private void RunAll()
    {
        while (TryTake(out Action? action))
        {
            if (Volatile.Read(ref _idleCount) == 0)
            {
                Rest(new WaitingThread(null));
            }

            action();
            Rest(this);
        }
    }

    private bool TryTake([NotNullWhen(true)] out Action? action)
    {
        lock (_gate)
        {
            while (_next is null && !_isEnded)
            {
                // Who is given work just when the time is over has it before the wait returns.
                _isEnded = !Monitor.Wait(_gate, IdleMsMax) && _next is null && TryEnd();
            }

            action = _next;
            _next = null;
            return action is not null;
        }
    }
}
