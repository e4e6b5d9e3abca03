namespace NeuroDb.Query;

/// <summary>The rows of the left side, then those of the right side.</summary>
internal sealed class UnionAllCursor(PlanNode left, PlanNode right, ExecutionContext context)
    : BatchCursor
{
    private BatchCursor? _current = left.Open(context);
    private bool _onRight;

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        while (_current is not null)
        {
            if (_current.Next() is { } batch)
            {
                return batch;
            }

            _current.Dispose();
            _current = _onRight ? null : right.Open(context);
            _onRight = true;
        }

        return null;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _current?.Dispose();
        base.Dispose();
    }
}
