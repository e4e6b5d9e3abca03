namespace NeuroDb;

/// <summary>
/// Some of the threads of a database, for a statement that may use no more: loops run on so many
/// at once, single pieces of work as ever.
/// </summary>
internal sealed class LimitedWorkers(IWorkers all, int count) : IWorkers
{
    /// <inheritdoc/>
    public int Count { get; } = Math.Clamp(count, 1, all.Count);

    /// <inheritdoc/>
    public void Run(Action action) => all.Run(action);

    /// <inheritdoc/>
    public void RunWaiting(Action action) => all.RunWaiting(action);

    /// <inheritdoc/>
    public void ForEach(int count, Action<int> body)
    {
        int next = -1;
        void Work(int lane)
        {
            bool isDone = false;
            try
            {
                int index;
                while ((index = Interlocked.Increment(ref next)) < count)
                {
                    body(index);
                }

                isDone = true;
            }
            finally
            {
                if (!isDone)
                {
                    // The others end with the piece that they are at.
                    Volatile.Write(ref next, count);
                }
            }
        }

        if (Count == 1 || count <= 1)
        {
            Work(0);
            return;
        }

        all.ForEach(Math.Min(Count, count), Work);
    }

    /// <inheritdoc/>
    public IDisposable Start(string name, Action<CancellationToken> body) =>
        all.Start(name, body);
}
