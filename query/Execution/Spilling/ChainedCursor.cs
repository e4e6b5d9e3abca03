namespace NeuroDb.Query;

/// <summary>
/// Batches that were read already, each let go when it is given, then the rest of where they came
/// from.
/// </summary>
internal sealed class ChainedCursor(List<RowBatch> first, BatchCursor rest) : BatchCursor
{
    private static readonly RowBatch Given = new([], 0);
    private int _next;

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        if (_next == first.Count)
        {
            return rest.Next();
        }

        RowBatch batch = first[_next];
        first[_next++] = Given;
        return batch;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        rest.Dispose();
        base.Dispose();
    }
}
