namespace NeuroDb.Storage;

/// <summary>
/// Reads the whole database now and then in the background, so that damage is found while a backup
/// still has the bytes. It reads a little, then lets the clock wake it again when as many bytes may
/// be read: so it holds no thread, and a simulated clock drives it. The first pass begins one
/// interval after the opening.
/// </summary>
internal sealed class Scrubber : IDisposable
{
    // The longest a step holds the device and a worker.
    private const int StepsPerSecond = 10;
    private readonly IWorkers _workers;
    private readonly TimeSpan _interval;
    private readonly long _bytesPerSecond;
    private readonly Func<CancellationToken, IEnumerable<long>> _newPass;
    private readonly AlertList _alerts;
    private readonly CancellationTokenSource _closing = new();
    private readonly object _gate = new();
    private readonly ITimer _timer;
    private IEnumerator<long>? _pass;
    private long _passCount;
    private bool _isRunning;

    /// <summary>Arms the first pass.</summary>
    /// <param name="seams">Clock and threads.</param>
    /// <param name="interval">The time from the end of a pass to the next.</param>
    /// <param name="bytesPerSecond">How fast it reads.</param>
    /// <param name="alerts">Takes what keeps a pass from going on.</param>
    /// <param name="newPass">Begins a pass.</param>
    public Scrubber(
        SystemSeams seams,
        TimeSpan interval,
        long bytesPerSecond,
        AlertList alerts,
        Func<CancellationToken, IEnumerable<long>> newPass)
    {
        Invariant.Check(interval > TimeSpan.Zero && bytesPerSecond > 0);
        _workers = seams.Workers;
        _interval = interval;
        _bytesPerSecond = bytesPerSecond;
        _alerts = alerts;
        _newPass = newPass;
        _timer = seams.Clock.CreateTimer(
            static scrubber => ((Scrubber)scrubber!).OnTimer(),
            this,
            interval,
            Timeout.InfiniteTimeSpan);
    }

    /// <summary>The passes that came to their end.</summary>
    public long PassCount => Volatile.Read(ref _passCount);

    /// <summary>Ends; waits for the step that runs.</summary>
    public void Dispose()
    {
        _closing.Cancel();
        _timer.Dispose();
        lock (_gate)
        {
            while (_isRunning)
            {
                Monitor.Wait(_gate);
            }

            _pass?.Dispose();
            _pass = null;
        }

        _closing.Dispose();
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            if (_isRunning || _closing.IsCancellationRequested)
            {
                return;
            }

            _isRunning = true;
        }

        _workers.RunWaiting(Step);
    }

    // Whatever keeps a pass from going on, the database does.
    private void Step()
    {
        long bytes = 0;
        bool isOver = true;
        try
        {
            isOver = !Read(ref bytes);
        }
        catch (Exception failure) when (failure is NeuroStoreException or IOException
            or UnauthorizedAccessException or OperationCanceledException)
        {
            if (!_closing.IsCancellationRequested)
            {
                _alerts.Add(new IntegrityFinding(
                    string.Empty, -1, string.Empty, $"the scrub ended early: {failure.Message}"));
            }
        }
        finally
        {
            Rest(bytes, isOver);
        }
    }

    // Reads until its share of a second is used up; false at the end of the pass.
    private bool Read(ref long bytes)
    {
        _pass ??= _newPass(_closing.Token).GetEnumerator();
        while (bytes <= _bytesPerSecond / StepsPerSecond)
        {
            if (_closing.IsCancellationRequested)
            {
                return true;
            }

            if (!_pass.MoveNext())
            {
                Volatile.Write(ref _passCount, _passCount + 1);
                return false;
            }

            bytes += _pass.Current;
        }

        return true;
    }

    private void Rest(long bytes, bool isOver)
    {
        lock (_gate)
        {
            if (isOver)
            {
                _pass?.Dispose();
                _pass = null;
            }

            _isRunning = false;
            if (!_closing.IsCancellationRequested)
            {
                TimeSpan rest = TimeSpan.FromSeconds((double)bytes / _bytesPerSecond);
                _timer.Change(
                    isOver ? rest + _interval : rest, Timeout.InfiniteTimeSpan);
            }

            Monitor.PulseAll(_gate);
        }
    }
}
