namespace NeuroDb.Query;

/// <summary>The state of a <see cref="Filter"/>.</summary>
internal sealed class FilterCursor(
    BatchCursor input, Expression condition, ExecutionContext context) : BatchCursor
{
    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        while (input.Next() is { } batch)
        {
            context.ThrowIfCancelled();
            int[]? rows = Conditions.Rows(condition, batch, context);
            if (rows is null)
            {
                return batch;
            }

            if (rows.Length > 0)
            {
                return batch.Gather(rows);
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        input.Dispose();
        base.Dispose();
    }
}
