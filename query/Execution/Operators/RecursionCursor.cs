namespace NeuroDb.Query;

/// <summary>
/// The state of a <see cref="Recursion"/>: the cursor of the seed or of the step at hand, and the
/// rows that this round has found so far. Rows are given as they are found, so that a LIMIT above
/// ends a recursion that would not end by itself. What a round has found goes to disk where it is
/// too much; the rows that are each given once are kept for that.
/// </summary>
internal sealed class RecursionCursor(Recursion plan, ExecutionContext context) : BatchCursor
{
    private readonly GroupTable? _seen = plan.IsAll
        ? null
        : new GroupTable(
            plan.Output.Select(column => column.Type), context.Arrays, givesKeys: false);

    private BatchCursor? _cursor = plan.Seed.Open(context);
    private RowSpool _found = NewSpool(plan, context);
    private RowSpool? _foundLast;
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
                if (_seen is not null)
                {
                    _seenSizeBytes += RowSizes.About(rows);
                    context.CheckKept(_seenSizeBytes + _seen.SlotSizeBytes, plan);
                }

                return rows;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _cursor?.Dispose();
        _found.Dispose();
        _foundLast?.Dispose();
        _seen?.Release();
        base.Dispose();
    }

    private static RowSpool NewSpool(Recursion plan, ExecutionContext context) =>
        new(plan, plan.Output.Select(column => column.Type), context);

    private void NextRound()
    {
        _cursor!.Dispose();
        _cursor = null;
        if (_found.Count > 0)
        {
            _found.Complete();
            context.State.Get<KeptRows>(plan.Table).Rows = _found;
            _foundLast?.Dispose();
            _foundLast = _found;
            _found = NewSpool(plan, context);
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
