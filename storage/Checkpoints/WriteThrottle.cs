namespace NeuroDb.Storage;

/// <summary>
/// Bounds how fast a checkpoint in the background writes while transactions commit beside it: a
/// bucket of bytes that the clock fills. Where nobody has committed since the last piece it does
/// not wait, and neither while somebody waits for the checkpoint: so it never holds up who could
/// let it go on.
/// </summary>
internal sealed class WriteThrottle
{
    // The bucket holds what a tenth of a second brings.
    private const double BurstSeconds = 0.1;
    private readonly TimeProvider _clock;
    private readonly long _bytesPerSecond;
    private readonly Func<long> _commitCount;
    private readonly object _gate = new();
    private double _available;
    private long _filledAt;
    private long _lastCommitCount;
    private int _hurryCount;
    private long _waitCount;

    /// <summary>Starts with a full bucket.</summary>
    /// <param name="clock">The clock.</param>
    /// <param name="bytesPerSecond">The bound; 0 for none.</param>
    /// <param name="commitCount">The commits so far.</param>
    public WriteThrottle(TimeProvider clock, long bytesPerSecond, Func<long> commitCount)
    {
        Invariant.Check(bytesPerSecond >= 0);
        _clock = clock;
        _bytesPerSecond = bytesPerSecond;
        _commitCount = commitCount;
        _filledAt = clock.GetTimestamp();
        _available = bytesPerSecond * BurstSeconds;
        _lastCommitCount = commitCount();
    }

    /// <summary>How often it let somebody wait.</summary>
    public long WaitCount => Volatile.Read(ref _waitCount);

    /// <summary>
    /// Takes bytes out of the bucket and waits until it is not overdrawn any more.
    /// </summary>
    public void Take(long bytes, CancellationToken cancellation)
    {
        if (_bytesPerSecond == 0)
        {
            return;
        }

        lock (_gate)
        {
            Fill();
            _available -= bytes;
            long commits = _commitCount();
            bool isAlone = commits == _lastCommitCount;
            _lastCommitCount = commits;
            if (isAlone || _hurryCount > 0)
            {
                _available = Math.Max(0, _available);
            }

            if (_available < 0)
            {
                Wait(TimeSpan.FromSeconds(-_available / _bytesPerSecond), cancellation);
            }
        }
    }

    /// <summary>Lets nobody wait until the result is disposed: somebody needs the end.</summary>
    public IDisposable Hurry()
    {
        lock (_gate)
        {
            _hurryCount++;
            Monitor.PulseAll(_gate);
        }

        return new HurryScope(this);
    }

    private void Fill()
    {
        long now = _clock.GetTimestamp();
        double seconds = _clock.GetElapsedTime(_filledAt, now).TotalSeconds;
        _filledAt = now;
        _available = Math.Min(
            _bytesPerSecond * BurstSeconds, _available + (seconds * _bytesPerSecond));
    }

    private void Wait(TimeSpan time, CancellationToken cancellation)
    {
        _waitCount++;
        bool isOver = false;
        using ITimer timer = _clock.CreateTimer(
            _ =>
            {
                lock (_gate)
                {
                    isOver = true;
                    Monitor.PulseAll(_gate);
                }
            },
            null,
            time,
            Timeout.InfiniteTimeSpan);
        CancellationTokenRegistration wake = cancellation.UnsafeRegister(
            static throttle => ((WriteThrottle)throttle!).Wake(), this);
        try
        {
            while (!isOver && _hurryCount == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                Monitor.Wait(_gate);
            }
        }
        finally
        {
            // Does not wait for a callback, which may be waiting for the gate.
            wake.Unregister();
        }
    }

    private void Wake()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }

    private void EndHurry()
    {
        lock (_gate)
        {
            Invariant.Check(_hurryCount > 0);
            _hurryCount--;
        }
    }

    private sealed class HurryScope(WriteThrottle throttle) : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
            {
                throttle.EndHurry();
            }
        }
    }
}
