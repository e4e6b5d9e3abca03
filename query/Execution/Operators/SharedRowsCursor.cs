namespace NeuroDb.Query;

/// <summary>The state of one use of <see cref="SharedRows"/>.</summary>
internal sealed class SharedRowsCursor(
    SharedQuery query, PlanNode plan, ExecutionContext context) : BatchCursor
{
    private BatchCursor? _rows;

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        context.ThrowIfCancelled();
        _rows ??= Rows().Open();
        return _rows.Next();
    }

    private RowSpool Rows()
    {
        KeptRows kept = context.State.Get<KeptRows>(query);
        lock (kept)
        {
            return kept.Rows ??= RowSpool.Of(plan, context);
        }
    }
}
