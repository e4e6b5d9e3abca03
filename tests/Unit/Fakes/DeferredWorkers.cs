namespace NeuroDb.Tests.Unit;

/// <summary>Workers that start nothing before they are told to.</summary>
internal sealed class DeferredWorkers : IWorkers
{
    private readonly Queue<Action> _actions = [];

    /// <inheritdoc/>
    public int Count => 1;

    /// <summary>Runs what has gathered, on the calling thread.</summary>
    public void RunAll()
    {
        while (_actions.TryDequeue(out Action? action))
        {
            action();
        }
    }

    /// <inheritdoc/>
    public void Run(Action action) => _actions.Enqueue(action);

    /// <inheritdoc/>
    public void ForEach(int count, Action<int> body)
    {
        for (int i = 0; i < count; i++)
        {
            body(i);
        }
    }

    /// <inheritdoc/>
    public IDisposable Start(string name, Action<CancellationToken> body) =>
        throw new NotSupportedException("A thread that lives on is not deferred.");
}
