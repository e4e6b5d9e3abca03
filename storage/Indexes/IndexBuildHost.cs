namespace NeuroDb.Storage;

/// <summary>
/// Builds indexes in the background, one after the other; those of vectors are kept in files beside
/// the segments. Owned by the engine; closed before the files are.
/// </summary>
internal sealed class IndexBuildHost : IDisposable
{
    private readonly StorageEngine _engine;
    private readonly CancellationTokenSource _closing = new();
    private readonly Queue<IBackgroundIndex> _waiting = new();
    private readonly object _gate = new();
    private readonly Lock _building = new();
    private bool _isRunning;

    /// <summary>Makes the host of an open database.</summary>
    /// <param name="engine">The database.</param>
    /// <param name="workers">The threads.</param>
    /// <param name="store">The files of indexes; null for a database in memory.</param>
    public IndexBuildHost(StorageEngine engine, IWorkers workers, VectorPartStore? store)
    {
        _engine = engine;
        Store = store;
        Workers = workers;
    }

    /// <summary>The threads.</summary>
    public IWorkers Workers { get; }

    /// <summary>The files of indexes; null for a database in memory.</summary>
    public VectorPartStore? Store { get; }

    /// <summary>Why the last build failed, if it did; searches are exact meanwhile.</summary>
    public NeuroStoreException? Failure { get; private set; }

    /// <summary>Builds what an index misses soon, on another thread.</summary>
    /// <returns>False if the database is closing.</returns>
    public bool Schedule(IBackgroundIndex index)
    {
        lock (_gate)
        {
            if (_closing.IsCancellationRequested)
            {
                return false;
            }

            _waiting.Enqueue(index);
            if (_isRunning)
            {
                return true;
            }

            _isRunning = true;
        }

        // It takes long, and commits that ask wait for no thread of the pool to start.
        Workers.RunWaiting(RunInBackground);
        return true;
    }

    /// <summary>Builds what an index misses now.</summary>
    public void BuildNow(IBackgroundIndex index, CancellationToken cancellation)
    {
        _engine.CheckOpen();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(
            cancellation, _closing.Token);
        Build(index, both.Token);
    }

    /// <summary>Ends what runs.</summary>
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

        // A build that a statement runs ends at its next look at the token.
        lock (_building)
        {
            _waiting.Clear();
        }

        _closing.Dispose();
    }

    private void Build(IBackgroundIndex index, CancellationToken cancellation)
    {
        lock (_building)
        {
            cancellation.ThrowIfCancellationRequested();
            using StorageTransaction transaction = _engine.Begin();
            index.Build(transaction, cancellation);
        }
    }

    private void RunInBackground()
    {
        while (TryTake(out IBackgroundIndex? index))
        {
            try
            {
                Build(index!, _closing.Token);
            }
            catch (OperationCanceledException)
            {
                Invariant.Check(_closing.IsCancellationRequested);
            }
            catch (NeuroStoreException failure)
            {
                // Searches stay exact; the next one that misses the part asks again.
                Failure = failure;
            }
            catch (Exception failure)
                when (failure is IOException or UnauthorizedAccessException)
            {
                Failure = new NeuroStoreException(
                    ErrorCode.InputOutput,
                    $"The index could not be built: {failure.Message} Searches stay exact; the "
                    + "next one that misses it tries again.",
                    innerException: failure);
            }
        }
    }

    private bool TryTake(out IBackgroundIndex? index)
    {
        lock (_gate)
        {
            if (!_closing.IsCancellationRequested && _waiting.TryDequeue(out index))
            {
                return true;
            }

            _isRunning = false;
            Monitor.PulseAll(_gate);
            index = null;
            return false;
        }
    }
}
