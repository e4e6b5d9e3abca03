namespace NeuroDb.Query;

/// <summary>
/// The state of a <see cref="Window"/>: all rows with their results, once computed. Rows that do
/// not fit the memory of an operator are put on disk in parts, whole partitions in each, and
/// computed part by part; a partition that does not fit is sorted and followed on disk.
/// </summary>
internal sealed class WindowCursor(Window plan, ExecutionContext context) : BatchCursor
{
    private readonly SpilledParts _spilled = new(context);
    private BatchCursor? _part;

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        context.ThrowIfCancelled();
        _part ??= Run();
        RowBatch? batch = _part.Next();
        while (batch is null && _spilled.TryOpen(out BatchCursor? part, out int level))
        {
            _part.Dispose();
            using (part)
            {
                _part = Take(part, level);
            }

            batch = _part.Next();
        }

        return batch;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _part?.Dispose();
        _spilled.Dispose();
        base.Dispose();
    }

    private RowsCursor Compute(RowStore store) => new(Compute(store.Build(context)));

    private BatchCursor Run()
    {
        Pipeline? pipeline = RowSizes.MayExceed(plan.Input, context)
            ? null
            : plan.Input.Parallelize(context);
        if (RowStore.TryMaterialize(plan.Input, pipeline, context) is { } rows)
        {
            return new RowsCursor(Compute(rows));
        }

        using BatchCursor input = plan.Input.Open(context);
        return Take(input, level: 0);
    }

    // The results of all rows; of none where the rows were put on disk in parts.
    private BatchCursor Take(BatchCursor input, int level)
    {
        DataType[] types = [.. plan.Input.Output.Select(static column => column.Type)];
        bool canPart = plan.Partition.Length > 0 && level < SpillPartitions.LevelMax;
        var held = new List<RowBatch>();
        SpillPartitions? parts = null;
        long size = 0;
        while (input.Next() is { } batch)
        {
            context.ThrowIfCancelled();
            if (parts is not null)
            {
                Put(parts, batch);
                continue;
            }

            RowBatch settled = batch.Settle();
            held.Add(settled);
            size += RowSizes.Of(settled);
            if (context.Spill is null)
            {
                context.CheckKept(size, plan);
            }
            else if (size > context.OperatorMemoryBytes && !canPart)
            {
                return StoredWindowCursor.Open(plan, held, input, context);
            }
            else if (size > context.OperatorMemoryBytes)
            {
                parts = new SpillPartitions(
                    context.Spill, types, plan.Partition.Select(static key => key.Type), level);
                held.ForEach(rows => Put(parts, rows));
                held.Clear();
            }
        }

        var store = new RowStore(types);
        if (parts is null)
        {
            held.ForEach(store.Add);
            return Compute(store);
        }

        parts.Complete();
        context.Profile?.Find(plan)?.CountSpilled(parts.LengthBytes);

        // What hashing did not part at all is one partition, most likely.
        _spilled.Push(parts, parts.IsOnePart ? SpillPartitions.LevelMax - 1 : level);
        return Compute(store);
    }

    private void Put(SpillPartitions parts, RowBatch batch) =>
        parts.Add(batch, HashJoinBuild.Evaluate(plan.Partition, batch, context));

    private RowBatch Compute(RowBatch input)
    {
        WindowRows rows = WindowRows.Sort(input, plan.Partition, plan.Order, context);
        var columns = new List<ColumnBuffer>(rows.Batch.Columns);
        foreach (WindowCall call in plan.Calls)
        {
            context.ThrowIfCancelled();
            columns.Add(rows.Count == 0
                ? ColumnBuilder.Create(call.Type, 1).Build()
                : Compute(rows, call));
        }

        return new RowBatch([.. columns], rows.Count);
    }

    private ColumnBuffer Compute(WindowRows rows, WindowCall call)
    {
        switch (call.Kind)
        {
            case WindowKind.Aggregate:
                var step = new AggregateStep(call.Aggregate!.Function, call.Aggregate.Filter);
                return WindowAggregate.Compute(rows, step, call.Frame!, context);
            case WindowKind.Lag or WindowKind.Lead or WindowKind.First or WindowKind.Last
                or WindowKind.Nth:
                return new WindowValues(rows, call, context).Compute();
            default:
                return WindowRanks.Compute(rows, call, context);
        }
    }
}
