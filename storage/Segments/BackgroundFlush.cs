namespace NeuroDb.Storage;

/// <summary>
/// Flushes a growing file now and then on a worker, so that the device writes while the rest is
/// made and the last flush is short. One thread uses it.
/// </summary>
internal sealed class BackgroundFlush(IFile file, IWorkers? workers)
{
    private const long StepSizeBytes = 16 << 20;
    private readonly BackgroundWork _work = new(workers);
    private long _unflushedBytes;

    /// <summary>Takes note of bytes that were written.</summary>
    public void Wrote(long bytes)
    {
        _unflushedBytes += bytes;
        if (workers is not null && _unflushedBytes >= StepSizeBytes && _work.TryStart(file.Flush))
        {
            _unflushedBytes = 0;
        }
    }

    /// <summary>Waits for the flush that runs; the file may be closed then.</summary>
    public void Stop() => _work.Stop();

    /// <summary>Waits for the flush that runs and raises its failure.</summary>
    public void Await() => _work.Await();
}
