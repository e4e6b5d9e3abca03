namespace NeuroDb.Storage;

/// <summary>One load on its way: who comes later waits for the lock and takes the result.</summary>
internal sealed class BufferLoad<T>
    where T : class
{
    /// <summary>Held by the thread that loads.</summary>
    public Lock Gate { get; } = new();

    /// <summary>What was loaded; null if the load failed.</summary>
    public T? Result { get; set; }
}
