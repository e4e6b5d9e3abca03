namespace NeuroDb.Query;

/// <summary>
/// Rows that may still be among the first ones in an order. When there are twice too many, they are
/// sorted and the rest is dropped; from then on a row must come before the last one kept.
/// </summary>
internal sealed class TopRows(TopK plan, long kept, ExecutionContext context)
{
    private readonly long _most = Math.Max(
        2 * Limits.BatchRowCount, kept > int.MaxValue / 2 ? int.MaxValue : 2 * kept);

    private RowStore _store = NewStore(plan);
    private RowBatch? _bound;
    private ColumnBuffer[] _boundKeys = [];

    /// <summary>Takes all rows of an input.</summary>
    public void TakeAll(BatchCursor input)
    {
        while (input.Next() is { } batch)
        {
            context.ThrowIfCancelled();
            Take(batch);
        }
    }

    /// <summary>Takes rows that come after all that were taken before.</summary>
    public void Take(RowBatch batch)
    {
        RowBatch? candidates = _bound is null ? batch : Candidates(batch);
        if (candidates is not null)
        {
            _store.Add(candidates);
        }

        if (_store.Count > _most)
        {
            Cut();
        }
    }

    /// <summary>The first rows, in order; nothing may be taken afterwards.</summary>
    public RowBatch Sorted()
    {
        RowBatch rows = _store.Build();
        int[] order = plan.Order.Sort(plan.Order.Evaluate(rows, context), rows.Count, context);
        int count = (int)Math.Min(kept, order.Length);
        return rows.Gather(order.AsSpan(0, count));
    }

    private static RowStore NewStore(TopK plan) =>
        new(plan.Output.Select(column => column.Type));

    private RowBatch? Candidates(RowBatch batch)
    {
        ColumnBuffer[] keys = plan.Order.Evaluate(batch, context);
        var rows = new int[batch.Count];
        int count = 0;
        for (int row = 0; row < rows.Length; row++)
        {
            if (plan.Order.Compare(keys, row, _boundKeys, 0) < 0)
            {
                rows[count++] = row;
            }
        }

        return count == 0 ? null : batch.Gather(rows.AsSpan(0, count));
    }

    private void Cut()
    {
        RowBatch rows = Sorted();
        _store = NewStore(plan);
        _store.Add(rows);
        _bound = rows.Slice(rows.Count - 1, 1);
        _boundKeys = plan.Order.Evaluate(_bound, context);
    }
}
