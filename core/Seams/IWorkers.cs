namespace NeuroDb;

/// <summary>
/// The threads of a database: the only place where the engine gets concurrency from.
/// </summary>
internal interface IWorkers
{
    /// <summary>How many pieces of work run at the same time, at least 1.</summary>
    int Count { get; }

    /// <summary>Runs an action soon on another thread. The action must not throw.</summary>
    void Run(Action action);

    /// <summary>
    /// Runs an action soon that waits for devices, so that no other work may wait behind it. The
    /// action must not throw.
    /// </summary>
    void RunWaiting(Action action) => Run(action);

    /// <summary>
    /// Whether such an action may wait for a time of the real clock: not where tests say when it
    /// is.
    /// </summary>
    bool CanWaitForTime => false;

    /// <summary>
    /// Runs body(0) ... body(count - 1) on all workers and the calling thread and returns when all
    /// are done. The first exception is rethrown after the others have stopped.
    /// </summary>
    void ForEach(int count, Action<int> body);

    /// <summary>
    /// Starts a named thread that lives until its token is cancelled by disposing the result;
    /// disposing waits for it to end.
    /// </summary>
    IDisposable Start(string name, Action<CancellationToken> body);
}
