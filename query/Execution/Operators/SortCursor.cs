namespace NeuroDb.Query;

/// <summary>
/// The state of a <see cref="Sort"/>: the rows and their order, once computed, or sorted runs on
/// disk where the rows do not fit the memory of an operator.
/// </summary>
/// <param name="plan">The operator, a <see cref="Sort"/> or one that sorts as one.</param>
/// <param name="source">Where the rows come from.</param>
/// <param name="order">The order.</param>
/// <param name="context">The execution.</param>
internal sealed class SortCursor(
    PlanNode plan, PlanNode source, RowOrder order, ExecutionContext context) : BatchCursor
{
    private RowBatch? _rows;
    private SortRuns? _runs;
    private int[] _order = [];
    private int _next;

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        if (_rows is null && _runs is null)
        {
            Read();
        }

        if (_runs is not null)
        {
            return _runs.Next();
        }

        int count = Math.Min(Limits.BatchRowCount, _order.Length - _next);
        if (count == 0)
        {
            return null;
        }

        context.ThrowIfCancelled();
        RowBatch batch = _rows!.Gather(_order.AsSpan(_next, count));
        _next += count;
        return batch;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _runs?.Dispose();
        if (_rows is not null)
        {
            Array.ForEach(_rows.Columns, static column => column.Release());
            _rows = null;
        }

        base.Dispose();
    }

    private void Read()
    {
        Pipeline? pipeline = RowSizes.MayExceed(source, context)
            ? null
            : source.Parallelize(context);
        if (RowStore.TryMaterialize(source, pipeline, context, context.Arrays) is { } rows)
        {
            Keep(rows);
            return;
        }

        DataType[] types = [.. plan.Output.Select(column => column.Type)];
        var store = new RowStore(types);
        long size = 0;
        using BatchCursor input = source.Open(context);
        while (input.Next() is { } batch)
        {
            context.ThrowIfCancelled();
            store.Add(batch.Settle());
            size += RowSizes.Of(batch);
            if (context.Spill is null)
            {
                context.CheckKept(size, plan);
            }
            else if (size > context.OperatorMemoryBytes)
            {
                _runs ??= new SortRuns(
                    order, types, context.Spill.Create(types), context);
                _runs.Add(store.Build(context));
                store = new RowStore(types);
                size = 0;
            }
        }

        if (_runs is null)
        {
            Keep(store.Build(context, arrays: context.Arrays));
        }
        else
        {
            _runs.Add(store.Build(context));
            context.Profile?.Find(plan)?.CountSpilled(_runs.LengthBytes);
        }
    }

    private void Keep(RowBatch rows)
    {
        _rows = rows;
        _order = order.Sort(order.Evaluate(rows, context), rows.Count, context);
    }
}
