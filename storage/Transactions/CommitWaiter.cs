namespace NeuroDb.Storage;

/// <summary>
/// A committer whose record is in a group that is not written yet. A thread blocks on it, or a task
/// completes. A blocked thread may be woken to lead the next write instead.
/// </summary>
internal sealed class CommitWaiter
{
    private readonly TaskCompletionSource? _task;
    private bool _isDone;
    private bool _isLeader;
    private Exception? _failure;

    /// <summary>Makes a waiter.</summary>
    /// <param name="isAsync">Whether a task completes, rather than a blocked thread.</param>
    public CommitWaiter(bool isAsync)
    {
        if (isAsync)
        {
            _task = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>The task, for asynchronous waiters.</summary>
    public Task? Task => _task?.Task;

    /// <summary>Whether a thread is blocked that could lead.</summary>
    public bool CanLead => _task is null;

    /// <summary>Ends the wait.</summary>
    public void Complete(Exception? failure)
    {
        if (_task is not null)
        {
            if (failure is null)
            {
                _task.SetResult();
            }
            else
            {
                _task.SetException(failure);
            }

            return;
        }

        lock (this)
        {
            _failure = failure;
            _isDone = true;
            Monitor.Pulse(this);
        }
    }

    /// <summary>Wakes the blocked thread to write the next group, which is its own.</summary>
    public void Lead()
    {
        Invariant.Check(CanLead);
        lock (this)
        {
            _isLeader = true;
            Monitor.Pulse(this);
        }
    }

    /// <summary>Blocks until the wait ends; true if the thread must lead instead.</summary>
    public bool WaitForLead()
    {
        Invariant.Check(CanLead);
        lock (this)
        {
            while (!_isDone && !_isLeader)
            {
                Monitor.Wait(this);
            }

            // A lead that was handed over has to be given back, even if the commit has failed
            // before this thread woke: while nobody gives it back, nobody else can lead or close.
            if (!_isLeader)
            {
                ThrowIfFailed();
            }

            return _isLeader;
        }
    }

    /// <summary>Raises the failure of the write, if it failed.</summary>
    public void ThrowIfFailed()
    {
        if (_failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
        }
    }
}
