namespace NeuroDb.Query;

/// <summary>The state of a <see cref="Sort"/>: the rows and their order, once computed.</summary>
internal sealed class SortCursor(Sort sort, ExecutionContext context) : BatchCursor
{
    private RowBatch? _rows;
    private int[] _order = [];
    private int _next;

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        if (_rows is null)
        {
            _rows = RowStore.Materialize(sort.Input, context);
            ColumnBuffer[] keys = sort.Order.Evaluate(_rows, context);
            _order = sort.Order.Sort(keys, _rows.Count, context);
        }

        int count = Math.Min(Limits.BatchRowCount, _order.Length - _next);
        if (count == 0)
        {
            return null;
        }

        context.ThrowIfCancelled();
        RowBatch batch = _rows.Gather(_order.AsSpan(_next, count));
        _next += count;
        return batch;
    }
}
