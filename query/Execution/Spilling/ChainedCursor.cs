namespace NeuroDb.Query;

/// <summary>Batches that were read already, then the rest of where they came from.</summary>
internal sealed class ChainedCursor(IReadOnlyList<RowBatch> first, BatchCursor rest) : BatchCursor
{
    private int _next;

    /// <inheritdoc/>
    public override RowBatch? Next() => _next < first.Count ? first[_next++] : rest.Next();

    /// <inheritdoc/>
    public override void Dispose()
    {
        rest.Dispose();
        base.Dispose();
    }
}
