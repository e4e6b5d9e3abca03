namespace NeuroDb.Query;

/// <summary>
/// The results of one window function over rows on disk, block by block in order.
/// </summary>
internal abstract class StoredWindowColumn
{
    /// <summary>What computes a function.</summary>
    public static StoredWindowColumn Create(
        StoredWindowRows rows, WindowCall call, ExecutionContext context)
    {
        switch (call.Kind)
        {
            case WindowKind.Aggregate:
                var step = new AggregateStep(call.Aggregate!.Function, call.Aggregate.Filter);
                WindowFrame frame = call.Frame!;
                return frame.IsWhole ? new StoredPartitionAggregate(rows, step, context)
                    : frame.IsGrowing ? new StoredGrowingAggregate(rows, step, frame, context)
                    : new StoredFrameAggregate(rows, step, frame, context);
            case WindowKind.Lag or WindowKind.Lead:
                return new StoredShift(rows, call, context);
            case WindowKind.First or WindowKind.Last or WindowKind.Nth:
                return new StoredFrameValue(rows, call, context);
            default:
                return new StoredRank(rows, call, context);
        }
    }

    /// <summary>One result for each row of the next block.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="batch">The rows.</param>
    public abstract ColumnBuffer Compute(long first, RowBatch batch);
}
