namespace NeuroDb.Query;

/// <summary>The running state of one operator: gives batch after batch, then null.</summary>
internal abstract class BatchCursor : IDisposable
{
    /// <summary>
    /// The next batch, never empty, of at most a few thousand rows; null at the end.
    /// </summary>
    public abstract RowBatch? Next();

    /// <summary>
    /// Whether the cursor, disposed, may begin again under the context it was made with once that
    /// one is restarted. What it gave before is not read any more then.
    /// </summary>
    public virtual bool CanRestart => false;

    /// <summary>
    /// Asks for memory that the next execution will look at, if the cursor is restarted with some
    /// values of the parameters.
    /// </summary>
    public virtual void Prefetch(ReadOnlySpan<Value> parameters)
    {
    }

    /// <summary>Frees what the execution holds; may come before the end.</summary>
    public virtual void Dispose()
    {
    }
}
