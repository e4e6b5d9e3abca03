using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;

namespace NeuroDb.Storage;

/// <summary>
/// A committer whose record is in a group that is not written yet. A thread blocks on it, or a task
/// completes. A blocked thread may be woken to lead the next write instead.
/// </summary>
internal sealed class CommitWaiter : IValueTaskSource
{
    // Continuations run on the pool: they are the users', and the leader has others to wake.
    private ManualResetValueTaskSourceCore<bool> _source = new()
    {
        RunContinuationsAsynchronously = true,
    };
    private bool _isDone;
    private bool _isLeader;
    private Exception? _failure;

    /// <summary>Makes a waiter.</summary>
    /// <param name="isAsync">Whether a task completes, rather than a blocked thread.</param>
    public CommitWaiter(bool isAsync) => CanLead = !isAsync;

    /// <summary>The task, for asynchronous waiters; to be awaited once.</summary>
    public ValueTask Task => new(this, _source.Version);

    /// <summary>Whether a thread is blocked that could lead.</summary>
    public bool CanLead { get; }

    /// <summary>Ends the wait.</summary>
    public void Complete(Exception? failure)
    {
        if (!CanLead)
        {
            if (failure is null)
            {
                _source.SetResult(true);
            }
            else
            {
                _source.SetException(failure);
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
            ExceptionDispatchInfo.Throw(_failure);
        }
    }

    /// <inheritdoc/>
    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    /// <inheritdoc/>
    void IValueTaskSource.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
