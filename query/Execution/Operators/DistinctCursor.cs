namespace NeuroDb.Query;

/// <summary>The state of a <see cref="Distinct"/>.</summary>
internal sealed class DistinctCursor(
    BatchCursor input, IReadOnlyList<OutputColumn> columns, ExecutionContext context)
    : BatchCursor
{
    private readonly GroupTable _groups = new(columns.Select(column => column.Type));

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        while (input.Next() is { } batch)
        {
            context.ThrowIfCancelled();
            int known = _groups.Count;
            var groups = new int[batch.Count];
            _groups.FindOrAdd(batch.Columns, batch.Count, groups);
            int count = 0;
            for (int row = 0; row < groups.Length; row++)
            {
                if (groups[row] == known)
                {
                    groups[count++] = row;
                    known++;
                }
            }

            if (count > 0)
            {
                return count == batch.Count ? batch : batch.Gather(groups.AsSpan(0, count));
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
