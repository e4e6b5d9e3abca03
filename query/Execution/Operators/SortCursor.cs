namespace NeuroDb.Query;

/// <summary>
/// The state of a <see cref="Sort"/>: the rows and their order, once computed, or sorted runs on
/// disk where the rows do not fit the memory of an operator.
/// </summary>
internal sealed class SortCursor(Sort sort, ExecutionContext context) : BatchCursor
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
        base.Dispose();
    }

    private void Read()
    {
        Pipeline? pipeline = RowSizes.MayExceed(sort.Input, context)
            ? null
            : sort.Input.Parallelize(context);
        if (context.Spill is null || pipeline is not null)
        {
            Keep(RowStore.Materialize(sort.Input, pipeline, context));
            return;
        }

        DataType[] types = [.. sort.Output.Select(column => column.Type)];
        var store = new RowStore(types);
        long size = 0;
        using BatchCursor input = sort.Input.Open(context);
        while (input.Next() is { } batch)
        {
            context.ThrowIfCancelled();
            store.Add(batch.Settle());
            size += RowSizes.Of(batch);
            if (size > context.OperatorMemoryBytes)
            {
                _runs ??= new SortRuns(
                    sort.Order, types, context.Spill.Create(types), context);
                _runs.Add(store.Build(context));
                store = new RowStore(types);
                size = 0;
            }
        }

        if (_runs is null)
        {
            Keep(store.Build(context));
        }
        else
        {
            _runs.Add(store.Build(context));
            context.Profile?.Find(sort)?.CountSpilled(_runs.LengthBytes);
        }
    }

    private void Keep(RowBatch rows)
    {
        _rows = rows;
        _order = sort.Order.Sort(sort.Order.Evaluate(rows, context), rows.Count, context);
    }
}
