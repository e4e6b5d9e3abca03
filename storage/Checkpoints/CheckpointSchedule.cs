namespace NeuroDb.Storage;

/// <summary>
/// Decides when checkpoints run: in the background when the log or the rows in memory have grown,
/// on demand, and at close when the next opening would have to replay much. Safe for many threads.
/// </summary>
internal sealed class CheckpointSchedule : IDisposable
{
    // The share of the budget that rows in memory may take before they are moved into files.
    private const int DeltaShare = 4;
    private readonly IWorkers _workers;
    private readonly StorageOptions _options;
    private readonly Checkpointer _checkpointer;
    private readonly Func<int> _lastTableId;
    private readonly WriteThrottle _throttle;
    private readonly AlertList _alerts;
    private readonly CancellationTokenSource _closing = new();
    private readonly object _gate = new();
    private readonly long _deltaShareBytes;
    private long _nextLogSizeBytes;
    private long _nextDeltaSizeBytes;
    private bool _isRunning;
    private NeuroStoreException? _failure;

    /// <summary>Makes the schedule of an open database.</summary>
    /// <param name="workers">Run checkpoints in the background.</param>
    /// <param name="options">Say when.</param>
    /// <param name="checkpointer">Runs them.</param>
    /// <param name="lastTableId">Gives the greatest number of a table ever given.</param>
    /// <param name="throttle">Bounds how fast those in the background write.</param>
    /// <param name="alerts">Takes why one in the background failed.</param>
    public CheckpointSchedule(
        IWorkers workers,
        StorageOptions options,
        Checkpointer checkpointer,
        Func<int> lastTableId,
        WriteThrottle throttle,
        AlertList alerts)
    {
        _throttle = throttle;
        _alerts = alerts;
        _workers = workers;
        _options = options;
        _checkpointer = checkpointer;
        _lastTableId = lastTableId;
        _nextLogSizeBytes = options.CheckpointLogSizeBytes;
        _deltaShareBytes = options.MemoryBudgetBytes / DeltaShare;
        _nextDeltaSizeBytes = _deltaShareBytes;
    }

    /// <summary>Runs the checkpoints.</summary>
    public Checkpointer Checkpointer => _checkpointer;

    /// <summary>
    /// Called when a checkpoint has replaced parts of tables; says whether it ran in the
    /// background.
    /// </summary>
    public Action<bool>? Finished { get; init; }

    /// <summary>Why the last checkpoint in the background failed, if it did.</summary>
    public NeuroStoreException? Failure => Volatile.Read(ref _failure);

    /// <summary>Starts a checkpoint in the background if it is time; O(1).</summary>
    public void Consider()
    {
        if (_checkpointer.LogSizeBytes < Volatile.Read(ref _nextLogSizeBytes)
            && _checkpointer.DeltaSizeBytes <= Volatile.Read(ref _nextDeltaSizeBytes))
        {
            return;
        }

        lock (_gate)
        {
            if (_isRunning || _closing.IsCancellationRequested)
            {
                return;
            }

            _isRunning = true;
        }

        _workers.RunWaiting(RunInBackground);
    }

    /// <summary>
    /// Waits while rows in memory exceed the whole budget and a checkpoint is under way that moves
    /// them into files. A checkpoint that fails lets everybody go on: memory is not what is lost.
    /// </summary>
    public void WaitForMemory(CancellationToken cancellation)
    {
        if (_checkpointer.DeltaSizeBytes <= _options.MemoryBudgetBytes)
        {
            return;
        }

        using IDisposable hurry = _throttle.Hurry();
        Consider();
        using CancellationTokenRegistration wake = cancellation.UnsafeRegister(
            static schedule => ((CheckpointSchedule)schedule!).Wake(), this);
        lock (_gate)
        {
            while (_isRunning && _checkpointer.DeltaSizeBytes > _options.MemoryBudgetBytes)
            {
                cancellation.ThrowIfCancellationRequested();
                Monitor.Wait(_gate);
            }
        }
    }

    /// <summary>
    /// Runs a checkpoint now, as fast as it can; one in the background is waited for. If an earlier
    /// one in the background failed and this one fails too, the error says both.
    /// </summary>
    public void Run(bool isFull, CancellationToken cancellation)
    {
        using IDisposable hurry = _throttle.Hurry();
        NeuroStoreException? earlier = Failure;
        try
        {
            RunOne(isFull, null, cancellation);
        }
        catch (NeuroStoreException failure)
            when (earlier is not null && failure.Code == ErrorCode.InputOutput)
        {
            throw new NeuroStoreException(
                failure.Code,
                $"{failure.Message} An earlier checkpoint in the background failed too: "
                + earlier.Message,
                innerException: failure);
        }

        if (isFull)
        {
            _checkpointer.ShrinkLog();
        }
    }

    /// <summary>Holds until disposal that a checkpoint in the background is in a hurry.</summary>
    public IDisposable Hurry() => _throttle.Hurry();

    private void RunOne(bool isFull, WriteThrottle? throttle, CancellationToken cancellation)
    {
        _checkpointer.Run(isFull, _lastTableId, throttle, cancellation);
        Volatile.Write(ref _failure, null);

        // A large transaction may hold back where the log begins: then the log is still long.
        long sizeBytes = _checkpointer.LogSizeBytes;
        bool isShort = sizeBytes < _options.CheckpointLogSizeBytes / 2;
        Volatile.Write(
            ref _nextLogSizeBytes,
            isShort
                ? _options.CheckpointLogSizeBytes
                : sizeBytes + _options.CheckpointLogSizeBytes);
        Volatile.Write(ref _nextDeltaSizeBytes, _deltaShareBytes);
        Finished?.Invoke(throttle is not null);
    }

    /// <summary>
    /// Ends what runs in the background and makes a last checkpoint if it is worth it. That it
    /// could not be written is no loss: all that was acknowledged is in the log.
    /// </summary>
    public void Dispose()
    {
        _closing.Cancel();
        lock (_gate)
        {
            while (_isRunning)
            {
                Monitor.Wait(_gate);
            }
        }

        try
        {
            if (_checkpointer.LogSizeBytes >= _options.CheckpointAtCloseLogSizeBytes)
            {
                Run(isFull: false, CancellationToken.None);
            }

            _checkpointer.ShrinkLog();
        }
        catch (NeuroStoreException failure) when (failure.Code != ErrorCode.InvariantBroken)
        {
            Volatile.Write(ref _failure, failure);
        }
        finally
        {
            _checkpointer.Close();
            _closing.Dispose();
        }
    }

    private void Wake()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }

    private void RunInBackground()
    {
        try
        {
            RunOne(isFull: false, _throttle, _closing.Token);
        }
        catch (OperationCanceledException)
        {
            Invariant.Check(_closing.IsCancellationRequested);
        }
        catch (NeuroStoreException failure)
        {
            // The log keeps everything; the next attempt waits for as much log again.
            Volatile.Write(ref _failure, failure);
            _alerts.Add(new IntegrityFinding(
                string.Empty,
                -1,
                string.Empty,
                $"a checkpoint in the background failed: {failure.Message}"));
            Volatile.Write(
                ref _nextLogSizeBytes,
                _checkpointer.LogSizeBytes + _options.CheckpointLogSizeBytes);
            Volatile.Write(
                ref _nextDeltaSizeBytes, _checkpointer.DeltaSizeBytes + _deltaShareBytes);
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
