namespace NeuroDb.Query;

/// <summary>The running state of one operator: gives batch after batch, then null.</summary>
internal abstract class BatchCursor : IDisposable
{
    /// <summary>
    /// The next batch, never empty, of at most a few thousand rows; null at the end.
    /// </summary>
    public abstract RowBatch? Next();

    /// <summary>Frees what the execution holds; may come before the end.</summary>
    public virtual void Dispose()
    {
    }
}
