namespace NeuroDb.Query;

/// <summary>The state of one use of <see cref="SharedRows"/>.</summary>
internal sealed class SharedRowsCursor(
    SharedQuery query, PlanNode plan, ExecutionContext context) : BatchCursor
{
    private RowOutput? _output;

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        context.ThrowIfCancelled();
        _output ??= new RowOutput(Rows());
        return _output.Next();
    }

    private RowBatch Rows()
    {
        KeptRows kept = context.State.Get<KeptRows>(query);
        lock (kept)
        {
            return kept.Rows ??= RowStore.Materialize(plan, context);
        }
    }
}
