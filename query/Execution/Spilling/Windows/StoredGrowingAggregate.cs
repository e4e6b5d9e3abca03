namespace NeuroDb.Query;

/// <summary>
/// An aggregate over rows on disk whose frame only grows: goes on from the row before.
/// </summary>
internal sealed class StoredGrowingAggregate(
    StoredWindowRows rows, AggregateStep step, WindowFrame frame, ExecutionContext context)
    : StoredWindowColumn
{
    private readonly StoredFrames _frames = new(rows, frame, context);
    private readonly StoredLeaves _leaves = new(rows, step, isTree: false, context);
    private AggregateState? _last;
    private long _lastEnd;

    /// <inheritdoc/>
    public override ColumnBuffer Compute(long first, RowBatch batch)
    {
        AggregateState results = step.Function.CreateState();
        results.Execution = context;
        results.EnsureGroups(batch.Count);
        for (int i = 0; i < batch.Count; i++)
        {
            long row = first + i;
            bool isFirst = rows.PartitionStart(row) == row;
            long from = isFirst ? row : _lastEnd;
            if (!isFirst)
            {
                results.Merge(i, i == 0 ? _last! : results, i == 0 ? 0 : i - 1);
            }

            long end = _frames.Of(row).End;
            for (; from < end; from++)
            {
                if (StoredRows.PlaceOf(from) == 0)
                {
                    context.ThrowIfCancelled();
                }

                results.Merge(
                    i, _leaves.Block(StoredRows.BlockOf(from)), StoredRows.PlaceOf(from));
            }

            _lastEnd = end;
        }

        _last = step.Function.CreateState();
        _last.EnsureGroups(1);
        _last.Merge(0, results, batch.Count - 1);
        return results.Finish();
    }
}
