namespace NeuroDb.Query;

/// <summary>
/// The state of an <see cref="Apply"/>: a batch of the left side, the row of it at hand, and the
/// right side opened for that row. Small results are gathered to batches of the usual size.
/// </summary>
internal sealed class ApplyCursor(Apply plan, ExecutionContext context) : BatchCursor
{
    // Few rows first: perhaps not more are asked for.
    private const int SearchCountFirst = 16;
    private const int SearchCountMax = 256;
    private readonly BatchCursor _left = plan.Left.Open(context);
    private readonly VectorBatch? _searches = VectorBatch.TryMake(plan.Right, context);
    private RowBatch? _batch;
    private ColumnBuffer[] _captures = [];
    private BatchCursor? _right;
    private int _row;
    private bool _isMatched;
    private int _searchCount = SearchCountFirst;

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        var store = new RowStore(plan.Output.Select(column => column.Type));
        while (store.Count < Limits.BatchRowCount && NextPiece() is { } piece)
        {
            store.Add(piece);
            context.ThrowIfCancelled();
        }

        return store.Count == 0 ? null : store.Build();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _right?.Dispose();
        _left.Dispose();
        base.Dispose();
    }

    private RowBatch? NextPiece()
    {
        while (true)
        {
            if (_right is null && !OpenRow())
            {
                return null;
            }

            if (_right!.Next() is { } rows)
            {
                RowBatch? joined = Join(rows);
                if (joined is not null)
                {
                    _isMatched = true;
                    return joined;
                }

                continue;
            }

            _right.Dispose();
            _right = null;
            int row = _row++;
            if (plan.KeepsLeft && !_isMatched)
            {
                return Pair(row, [.. plan.Right.Output.Select(
                    column => ColumnLoops.AllNull(column.Type, 1))], 1);
            }
        }
    }

    private bool OpenRow()
    {
        while (_batch is null || _row >= _batch.Count)
        {
            context.ThrowIfCancelled();
            _batch = _left.Next();
            if (_batch is null)
            {
                return false;
            }

            _row = 0;
            _searches?.Clear();
            _captures = new ColumnBuffer[plan.Captures.Length];
            for (int i = 0; i < _captures.Length; i++)
            {
                _captures[i] = plan.Captures[i].Evaluate(_batch, context);
            }
        }

        SearchAhead();
        _isMatched = false;
        _right = plan.Right.Open(context.ForOuterRow(ValuesOf(_row), _searches));
        return true;
    }

    private Value[] ValuesOf(int row)
    {
        var values = new Value[_captures.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = _captures[i].GetValue(row);
        }

        return values;
    }

    // The nearest rows for the next rows of the left side, all at once.
    private void SearchAhead()
    {
        if (_searches is null)
        {
            return;
        }

        _searches.Row = _row;
        if (_row < _searches.End)
        {
            return;
        }

        var queries = new Value[Math.Min(_searchCount, _batch!.Count - _row)];
        for (int i = 0; i < queries.Length; i++)
        {
            queries[i] = _searches.QueryOf(context.ForOuterRow(ValuesOf(_row + i)));
        }

        _searches.Search(_row, queries);
        _searchCount = Math.Min(SearchCountMax, 4 * _searchCount);
    }

    private RowBatch? Join(RowBatch rows)
    {
        RowBatch pairs = Pair(_row, rows.Columns, rows.Count);
        if (plan.Condition is null)
        {
            return pairs;
        }

        int[]? passing = Conditions.Rows(plan.Condition, pairs, context);
        return passing is null ? pairs
            : passing.Length == 0 ? null
            : pairs.Gather(passing);
    }

    private RowBatch Pair(int row, ColumnBuffer[] right, int count)
    {
        var repeated = new int[count];
        repeated.AsSpan().Fill(row);
        return new RowBatch([.. _batch!.Gather(repeated).Columns, .. right], count);
    }
}
