namespace NeuroDb.Query;

/// <summary>
/// The state of EXCEPT and INTERSECT: counts equal rows of the right side, then lets the rows of
/// the left side pass or not. NULL equals NULL.
/// </summary>
internal sealed class MatchCursor(
    PlanNode left, PlanNode right, bool isIntersect, bool isAll, ExecutionContext context)
    : BatchCursor
{
    private readonly GroupTable _rows = new(left.Output.Select(column => column.Type));
    private long[] _counts = [];
    private BatchCursor? _left;

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        if (_left is null)
        {
            CountRight();
            _left = left.Open(context);
        }

        while (_left.Next() is { } batch)
        {
            context.ThrowIfCancelled();
            var groups = new int[batch.Count];
            _rows.FindOrAdd(batch.Columns, batch.Count, groups);
            Reserve();
            int count = 0;
            for (int row = 0; row < groups.Length; row++)
            {
                if (Passes(groups[row]))
                {
                    groups[count++] = row;
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
        _left?.Dispose();
        base.Dispose();
    }

    private void CountRight()
    {
        using BatchCursor cursor = right.Open(context);
        while (cursor.Next() is { } batch)
        {
            context.ThrowIfCancelled();
            var groups = new int[batch.Count];
            _rows.FindOrAdd(batch.Columns, batch.Count, groups);
            Reserve();
            foreach (int group in groups)
            {
                _counts[group]++;
            }
        }
    }

    private bool Passes(int group)
    {
        if (isAll)
        {
            return _counts[group]-- > 0 == isIntersect;
        }

        bool isFirst = _counts[group] >= 0;
        bool isMatched = _counts[group] > 0;
        _counts[group] = -1;
        return isFirst && isMatched == isIntersect;
    }

    private void Reserve()
    {
        if (_counts.Length < _rows.Count)
        {
            Array.Resize(ref _counts, Math.Max(_rows.Count, 2 * _counts.Length));
        }
    }
}
