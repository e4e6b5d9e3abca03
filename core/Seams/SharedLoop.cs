using System.Runtime.ExceptionServices;

namespace NeuroDb;

/// <summary>
/// The state of one <see cref="IWorkers.ForEach"/>: every thread takes the next index until none
/// is left, so that a slow piece does not hold up the others.
/// </summary>
internal sealed class SharedLoop
{
    private readonly object _gate = new();
    private readonly int _count;
    private readonly Action<int> _body;
    private int _next = -1;
    private int _left;
    private Exception? _failure;

    /// <summary>Makes the loop over body(0) ... body(count - 1).</summary>
    public SharedLoop(int count, Action<int> body)
    {
        _count = count;
        _left = count;
        _body = body;
    }

    /// <summary>Takes indexes until none is left; after a failure the rest is skipped.</summary>
    public void Work()
    {
        int index;
        while ((index = Interlocked.Increment(ref _next)) < _count)
        {
            try
            {
                if (Volatile.Read(ref _failure) is null)
                {
                    _body(index);
                }
            }
            catch (Exception failure)
            {
                Interlocked.CompareExchange(ref _failure, failure, null);
            }

            if (Interlocked.Decrement(ref _left) == 0)
            {
                lock (_gate)
                {
                    Monitor.PulseAll(_gate);
                }
            }
        }
    }

    /// <summary>Waits until every index is done and rethrows the first failure.</summary>
    public void Wait()
    {
        SpinWait spin = default;
        while (Volatile.Read(ref _left) != 0 && !spin.NextSpinWillYield)
        {
            spin.SpinOnce();
        }

        lock (_gate)
        {
            while (Volatile.Read(ref _left) != 0)
            {
                Monitor.Wait(_gate);
            }
        }

        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
    }
}
