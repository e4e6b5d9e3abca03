namespace NeuroDb.Query;

/// <summary>The state of a <see cref="Limit"/>; stops reading when it has all rows.</summary>
internal sealed class LimitCursor(BatchCursor input, long limit, long offset) : BatchCursor
{
    private long _skip = offset;
    private long _left = limit;

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        while (_left > 0 && input.Next() is { } batch)
        {
            if (batch.Count <= _skip)
            {
                _skip -= batch.Count;
                continue;
            }

            int start = (int)_skip;
            int count = (int)Math.Min(_left, batch.Count - start);
            _skip = 0;
            _left -= count;
            return count == batch.Count ? batch : batch.Slice(start, count);
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
