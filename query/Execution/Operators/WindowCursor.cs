namespace NeuroDb.Query;

/// <summary>
/// The state of a <see cref="Window"/>: all rows with their results, once computed.
/// </summary>
internal sealed class WindowCursor(Window plan, ExecutionContext context) : BatchCursor
{
    private RowOutput? _output;

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        context.ThrowIfCancelled();
        _output ??= new RowOutput(Run());
        return _output.Next();
    }

    private RowBatch Run()
    {
        RowBatch input = RowStore.Materialize(plan.Input, context);
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
