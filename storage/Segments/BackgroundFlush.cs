using System.Runtime.ExceptionServices;

namespace NeuroDb.Storage;

/// <summary>
/// Flushes a growing file now and then on a worker, so that the device writes while the rest is
/// made and the last flush is short. A failure is raised by <see cref="Await"/>, because the system
/// tells it only once. One thread uses it.
/// </summary>
internal sealed class BackgroundFlush(IFile file, IWorkers? workers)
{
    private const long StepSizeBytes = 16 << 20;
    private readonly object _gate = new();
    private Exception? _failure;
    private long _unflushedBytes;
    private bool _isRunning;

    /// <summary>Takes note of bytes that were written.</summary>
    public void Wrote(long bytes)
    {
        _unflushedBytes += bytes;
        if (workers is null || _unflushedBytes < StepSizeBytes)
        {
            return;
        }

        lock (_gate)
        {
            if (_isRunning)
            {
                return;
            }

            _isRunning = true;
        }

        _unflushedBytes = 0;
        workers.Run(Flush);
    }

    /// <summary>Waits for the flush that runs; the file may be closed then.</summary>
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

    /// <summary>Waits for the flush that runs and raises its failure.</summary>
    public void Await()
    {
        Stop();
        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }
    }

    private void Flush()
    {
        try
        {
            file.Flush();
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
