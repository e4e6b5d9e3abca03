namespace NeuroDb.Query;

/// <summary>
/// An aggregate of whole partitions over rows on disk: a partition is read to its end when its
/// first block comes, and its result kept until its last one has gone.
/// </summary>
internal sealed class StoredPartitionAggregate(
    StoredWindowRows rows, AggregateStep step, ExecutionContext context) : StoredWindowColumn
{
    // The results of the partitions that begin in the block before.
    private ColumnBuffer? _results;

    /// <inheritdoc/>
    public override ColumnBuffer Compute(long first, RowBatch batch)
    {
        ColumnBuilder result = ColumnBuilder.Create(step.Function.ResultType, batch.Count);
        int row = 0;
        while (row < batch.Count && rows.PartitionStart(first + row) < first)
        {
            result.AppendRow(_results!, _results!.Count - 1);
            row++;
        }

        if (row == batch.Count)
        {
            return result.Build();
        }

        long begin = first + row;
        _results = Results(begin, rows.PartitionEnd(first + batch.Count - 1));
        long before = rows.Partitions.Before(begin);
        for (; row < batch.Count; row++)
        {
            result.AppendRow(
                _results, (int)(rows.Partitions.Before(first + row + 1) - 1 - before));
        }

        return result.Build();
    }

    // Of the partitions that are these rows.
    private ColumnBuffer Results(long start, long end)
    {
        AggregateState state = step.Function.CreateState();
        long before = rows.Partitions.Before(start);
        int count = (int)(rows.Partitions.Before(end) - before);
        for (long row = start; row < end;)
        {
            context.ThrowIfCancelled();
            RowBatch block = rows.Stored.Block(StoredRows.BlockOf(row));
            int place = StoredRows.PlaceOf(row);
            int some = (int)Math.Min(block.Count - place, end - row);
            var groups = new int[some];
            for (int i = 0; i < some; i++)
            {
                groups[i] = (int)(rows.Partitions.Before(row + i + 1) - 1 - before);
            }

            step.Update(
                state, block.Slice(place, some), groups, count, context, new ScaledMemo());
            row += some;
        }

        return state.Finish();
    }
}
