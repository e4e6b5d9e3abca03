using System.Runtime.ExceptionServices;

namespace NeuroDb.Storage;

/// <summary>
/// One piece of work on a file at a time, on a worker, while the thread that asked for it goes on.
/// A failure is raised by <see cref="Await"/>, because the system tells it only once. One thread
/// asks; without workers the work is done at once.
/// </summary>
internal sealed class BackgroundWork(IWorkers? workers)
{
    private readonly object _gate = new();
    private Exception? _failure;
    private bool _isRunning;

    /// <summary>Starts the work, unless the one before it still runs.</summary>
    public bool TryStart(Action work)
    {
        lock (_gate)
        {
            if (_isRunning)
            {
                return false;
            }

            _isRunning = true;
        }

        if (workers is null)
        {
            Run(work);
        }
        else
        {
            workers.Run(() => Run(work));
        }

        return true;
    }

    /// <summary>Starts the work when the one before it has ended.</summary>
    public void Start(Action work)
    {
        Await();
        bool isStarted = TryStart(work);
        Invariant.Check(isStarted, "one thread asks");
    }

    /// <summary>Waits for the work that runs; the file may be closed then.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            while (_isRunning)
            {
                Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>Waits for the work that runs and raises a failure.</summary>
    public void Await()
    {
        Stop();
        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
    }

    private void Run(Action work)
    {
        try
        {
            work();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _failure ??= failure;
        }
        finally
        {
            lock (_gate)
            {
                _isRunning = false;
                Monitor.PulseAll(_gate);
            }
        }
    }
}
