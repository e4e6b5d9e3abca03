namespace NeuroDb;

/// <summary>Threads of the .NET thread pool, one piece of work for each processor.</summary>
internal sealed class SystemWorkers : IWorkers
{
    /// <summary>Makes workers that use at most that many threads at once.</summary>
    public SystemWorkers(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        Count = count;
        WaitingThread.Prepare();
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public void Run(Action action) =>
        ThreadPool.UnsafeQueueUserWorkItem(static state => state(), action, preferLocal: false);

    /// <inheritdoc/>
    public void RunWaiting(Action action) => WaitingThread.Run(action);

    /// <inheritdoc/>
    public bool CanWaitForTime => true;

    /// <inheritdoc/>
    public void ForEach(int count, Action<int> body)
    {
        if (count <= 1 || Count == 1)
        {
            for (int i = 0; i < count; i++)
            {
                body(i);
            }

            return;
        }

        var loop = new SharedLoop(count, body);
        for (int i = 1; i < Math.Min(Count, count); i++)
        {
            Run(loop.Work);
        }

        loop.Work();
        loop.Wait();
    }

    /// <inheritdoc/>
    public IDisposable Start(string name, Action<CancellationToken> body) =>
        new BackgroundThread(name, body);
}
