namespace NeuroDb.Query;

/// <summary>
/// The state of a <see cref="Window"/>: all rows with their results, once computed. Rows that do
/// not fit the memory of an operator are put on disk in parts, whole partitions in each, and
/// computed part by part; a part that is one partition stays whole.
/// </summary>
internal sealed class WindowCursor(Window plan, ExecutionContext context) : BatchCursor
{
    private readonly SpilledParts _spilled = new(context);
    private RowOutput? _output;

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        context.ThrowIfCancelled();
        _output ??= new RowOutput(Run());
        RowBatch? batch = _output.Next();
        while (batch is null && _spilled.TryOpen(out BatchCursor? part, out int level))
        {
            using (part)
            {
                _output = new RowOutput(Take(part, level));
            }

            batch = _output.Next();
        }

        return batch;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _spilled.Dispose();
        base.Dispose();
    }

    private RowBatch Run()
    {
        bool maySpill = context.Spill is not null && plan.Partition.Length > 0;
        Pipeline? pipeline = maySpill && RowSizes.MayExceed(plan.Input, context)
            ? null
            : plan.Input.Parallelize(context);
        if (!maySpill || pipeline is not null)
        {
            return Compute(RowStore.Materialize(plan.Input, pipeline, context));
        }

        using BatchCursor input = plan.Input.Open(context);
        return Take(input, level: 0);
    }

    // The results of all rows; none where the rows were put on disk.
    private RowBatch Take(BatchCursor input, int level)
    {
        DataType[] types = [.. plan.Input.Output.Select(static column => column.Type)];
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

            held.Add(batch.Settle());
            size += RowSizes.Of(batch);
            if (size > context.OperatorMemoryBytes && level < SpillPartitions.LevelMax)
            {
                parts = new SpillPartitions(
                    context.Spill!, types, plan.Partition.Select(static key => key.Type), level);
                held.ForEach(rows => Put(parts, rows));
                held.Clear();
            }
        }

        var store = new RowStore(types);
        if (parts is null)
        {
            held.ForEach(store.Add);
            return Compute(store.Build(context));
        }

        parts.Complete();
        context.Profile?.Find(plan)?.CountSpilled(parts.LengthBytes);

        // What hashing did not part at all is one partition, most likely.
        _spilled.Push(parts, parts.IsOnePart ? SpillPartitions.LevelMax - 1 : level);
        return Compute(store.Build(context));
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
