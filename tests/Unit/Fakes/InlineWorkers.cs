namespace NeuroDb.Tests.Unit;

/// <summary>Workers that do all at once on the calling thread, so that a run repeats.</summary>
internal sealed class InlineWorkers : IWorkers
{
    /// <inheritdoc/>
    public int Count => 1;

    /// <inheritdoc/>
    public void Run(Action action) => action();

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
        throw new NotSupportedException("A thread that lives on does not run inline.");
}
