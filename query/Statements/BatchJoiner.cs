namespace NeuroDb.Query;

/// <summary>
/// Reads a whole plan into one batch: changes are applied only when all rows are known, so that a
/// statement never sees its own writes and keys are checked once for all rows.
/// </summary>
internal static class BatchJoiner
{
    /// <summary>All rows of a plan, or null if there are none.</summary>
    public static RowBatch? ReadAll(PlanNode plan, ExecutionContext context)
    {
        if (plan is AssignedRows rows && context.Profile is null)
        {
            return rows.Read(context);
        }

        using BatchCursor cursor = plan.Open(context);
        RowBatch? first = cursor.Next();
        RowBatch? next = first is null ? null : cursor.Next();
        if (first is null || next is null)
        {
            return first;
        }

        ColumnBuilder[] builders = [.. plan.Output.Select(column =>
            ColumnBuilder.Create(column.Type, 2 * Limits.BatchRowCount))];
        long size = RowSizes.About(first);
        int count = Append(builders, first);
        for (; next is not null; next = cursor.Next())
        {
            context.ThrowIfCancelled();
            size += RowSizes.About(next);
            context.CheckKept(size, plan);
            count += Append(builders, next);
        }

        return new RowBatch([.. builders.Select(builder => builder.Build())], count);
    }

    /// <summary>
    /// The next rows of a cursor, as many as fit into so many bytes, or null if there are none.
    /// </summary>
    public static RowBatch? ReadSome(
        BatchCursor cursor, long sizeBytesMax, ExecutionContext context)
    {
        var batches = new List<RowBatch>();
        long size = 0;
        while (size < sizeBytesMax && cursor.Next() is { } batch)
        {
            context.ThrowIfCancelled();
            batches.Add(batch);
            size += RowSizes.About(batch);
        }

        return batches.Count == 0 ? null : Join(batches);
    }

    /// <summary>Batches of the same columns as one.</summary>
    public static RowBatch Join(IReadOnlyList<RowBatch> batches)
    {
        Invariant.Check(batches.Count > 0);
        ColumnBuilder[] builders =
            [.. batches[0].Columns.Select(static column => ColumnBuilder.Create(column.Type))];
        int count = batches.Sum(batch => Append(builders, batch));
        return new RowBatch([.. builders.Select(static builder => builder.Build())], count);
    }

    private static int Append(ColumnBuilder[] builders, RowBatch batch)
    {
        for (int i = 0; i < builders.Length; i++)
        {
            builders[i].AppendRows(batch.Columns[i], 0, batch.Count);
        }

        return batch.Count;
    }
}
