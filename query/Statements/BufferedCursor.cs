namespace NeuroDb.Query;

/// <summary>Gives batches that are in memory already.</summary>
internal sealed class BufferedCursor(IReadOnlyList<RowBatch> batches) : BatchCursor
{
    private int _next;

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        while (_next < batches.Count)
        {
            RowBatch batch = batches[_next++];
            if (batch.Count > 0)
            {
                return batch;
            }
        }

        return null;
    }
}
