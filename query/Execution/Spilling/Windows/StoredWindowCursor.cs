namespace NeuroDb.Query;

/// <summary>
/// Window functions over rows that do not fit memory: the rows are sorted on disk, and each
/// function follows them there with readers of its own. Memory is some blocks for each function,
/// two bits for each row, and for an aggregate of a frame its state for every 2,048 rows.
/// </summary>
internal sealed class StoredWindowCursor : BatchCursor
{
    private readonly StoredWindowRows _rows;
    private readonly StoredWindowColumn[] _columns;
    private readonly ExecutionContext _context;
    private int _next;

    private StoredWindowCursor(Window plan, StoredWindowRows rows, ExecutionContext context)
    {
        _rows = rows;
        _context = context;
        _columns = [.. plan.Calls.Select(
            call => StoredWindowColumn.Create(rows, call, context))];
    }

    /// <summary>Sorts rows on disk.</summary>
    /// <param name="plan">The operator.</param>
    /// <param name="held">Rows that were read already.</param>
    /// <param name="input">The rows behind them.</param>
    /// <param name="context">The execution.</param>
    public static StoredWindowCursor Open(
        Window plan, List<RowBatch> held, BatchCursor input, ExecutionContext context)
    {
        DataType[] types = [.. plan.Input.Output.Select(static column => column.Type)];
        var order = new RowOrder(
            [.. StoredWindowRows.PartitionKeys(plan), .. plan.Order.Keys]);
        var all = new ChainedCursor(held, input);
        if (order.Keys.Count == 0)
        {
            return Store(plan, all.Next, types, context);
        }

        using var runs = new SortRuns(order, types, context.Spill!.Create(types), context);
        var store = new RowStore(types);
        long size = 0;
        while (all.Next() is { } batch)
        {
            context.ThrowIfCancelled();
            RowBatch settled = batch.Settle();
            store.Add(settled);
            size += RowSizes.Of(settled);
            if (size > context.OperatorMemoryBytes)
            {
                runs.Add(store.Build(context));
                store = new RowStore(types);
                size = 0;
            }
        }

        if (store.Count > 0)
        {
            runs.Add(store.Build(context));
        }

        store = new RowStore(types);
        context.Profile?.Find(plan)?.CountSpilled(runs.LengthBytes);
        return Store(plan, runs.Next, types, context);
    }

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        _context.ThrowIfCancelled();
        if (_next == _rows.Stored.BlockCount)
        {
            return null;
        }

        long first = (long)_next * Limits.BatchRowCount;
        RowBatch batch = _rows.Stored.Block(_next++);
        return new RowBatch(
            [.. batch.Columns, .. _columns.Select(column => column.Compute(first, batch))],
            batch.Count);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _rows.Dispose();
        base.Dispose();
    }

    private static StoredWindowCursor Store(
        Window plan, Func<RowBatch?> next, DataType[] types, ExecutionContext context)
    {
        SpillFile file = context.Spill!.Create(types);
        StoredWindowCursor? cursor = null;
        try
        {
            var rows = new StoredWindowRows(plan, next, file, context);
            context.Profile?.Find(plan)?.CountSpilled(rows.Stored.LengthBytes);
            cursor = new StoredWindowCursor(plan, rows, context);
            return cursor;
        }
        finally
        {
            if (cursor is null)
            {
                file.Dispose();
            }
        }
    }
}
