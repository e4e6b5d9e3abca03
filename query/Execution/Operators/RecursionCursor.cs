namespace NeuroDb.Query;

/// <summary>
/// The state of a <see cref="Recursion"/>: the cursor of the seed or of the step at hand, and the
/// rows that this round has found so far. Rows are given as they are found, so that a LIMIT above
/// ends a recursion that would not end by itself.
/// </summary>
internal sealed class RecursionCursor(Recursion plan, ExecutionContext context) : BatchCursor
{
    private readonly GroupTable? _seen = plan.IsAll
        ? null
        : new GroupTable(plan.Output.Select(column => column.Type));

    private BatchCursor? _cursor = plan.Seed.Open(context);
    private RowStore _found = NewStore(plan);
    private long _foundSizeBytes;
    private long _seenSizeBytes;

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        while (_cursor is not null)
        {
            context.ThrowIfCancelled();
            if (_cursor.Next() is not { } batch)
            {
                NextRound();
                continue;
            }

            RowBatch? rows = _seen is null ? batch : New(batch);
            if (rows is not null)
            {
                _found.Add(rows);
                long size = RowSizes.About(rows);
                _foundSizeBytes += size;
                _seenSizeBytes += _seen is null ? 0 : size;
                context.CheckKept(
                    _foundSizeBytes + _seenSizeBytes + (_seen?.SlotSizeBytes ?? 0), plan);
                return rows;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _cursor?.Dispose();
        base.Dispose();
    }

    private static RowStore NewStore(Recursion plan) =>
        new(plan.Output.Select(column => column.Type));

    private void NextRound()
    {
        _cursor!.Dispose();
        _cursor = null;
        if (_found.Count > 0)
        {
            context.State.Get<KeptRows>(plan.Table).Rows = _found.Build();
            _found = NewStore(plan);
            _foundSizeBytes = 0;
            _cursor = plan.Step.Open(context);
        }
    }

    private RowBatch? New(RowBatch batch)
    {
        int known = _seen!.Count;
        var groups = new int[batch.Count];
        _seen.FindOrAdd(batch.Columns, batch.Count, groups);
        int count = 0;
        for (int row = 0; row < groups.Length; row++)
        {
            if (groups[row] == known)
            {
                groups[count++] = row;
                known++;
            }
        }

        return count == 0 ? null
            : count == batch.Count ? batch
            : batch.Gather(groups.AsSpan(0, count));
    }
}
