namespace NeuroDb.Query;

/// <summary>
/// The state of a <see cref="TopK"/>: rows that may still be among the first. When there are twice
/// too many, they are sorted and the rest is dropped; from then on a row must come before the last
/// one kept.
/// </summary>
internal sealed class TopKCursor : BatchCursor
{
    private readonly TopK _plan;
    private readonly ExecutionContext _context;
    private readonly long _limit;
    private readonly long _offset;
    private readonly long _kept;
    private RowStore _store;
    private RowBatch? _bound;
    private ColumnBuffer[] _boundKeys = [];
    private RowOutput? _output;

    /// <summary>Makes the state; nothing is read yet.</summary>
    public TopKCursor(TopK plan, long limit, long offset, ExecutionContext context)
    {
        _plan = plan;
        _context = context;
        _limit = limit;
        _offset = offset;
        _kept = limit > long.MaxValue - offset ? long.MaxValue : limit + offset;
        _store = NewStore();
    }

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        _output ??= new RowOutput(_limit == 0 ? new RowBatch([], 0) : Run());
        return _output.Next();
    }

    private RowStore NewStore() => new(_plan.Output.Select(column => column.Type));

    private RowBatch Run()
    {
        long most = Math.Max(
            2 * Limits.BatchRowCount, _kept > int.MaxValue / 2 ? int.MaxValue : 2 * _kept);
        using BatchCursor input = _plan.Input.Open(_context);
        while (input.Next() is { } batch)
        {
            _context.ThrowIfCancelled();
            RowBatch? candidates = _bound is null ? batch : Candidates(batch);
            if (candidates is not null)
            {
                _store.Add(candidates);
            }

            if (_store.Count > most)
            {
                Cut();
            }
        }

        RowBatch rows = Sorted();
        int start = (int)Math.Min(_offset, rows.Count);
        return rows.Slice(start, rows.Count - start);
    }

    private RowBatch? Candidates(RowBatch batch)
    {
        ColumnBuffer[] keys = _plan.Order.Evaluate(batch, _context);
        var rows = new int[batch.Count];
        int count = 0;
        for (int row = 0; row < rows.Length; row++)
        {
            if (_plan.Order.Compare(keys, row, _boundKeys, 0) < 0)
            {
                rows[count++] = row;
            }
        }

        return count == 0 ? null : batch.Gather(rows.AsSpan(0, count));
    }

    private void Cut()
    {
        RowBatch rows = Sorted();
        _store = NewStore();
        _store.Add(rows);
        _bound = rows.Slice(rows.Count - 1, 1);
        _boundKeys = _plan.Order.Evaluate(_bound, _context);
    }

    private RowBatch Sorted()
    {
        RowBatch rows = _store.Build();
        int[] order = _plan.Order.Sort(_plan.Order.Evaluate(rows, _context), rows.Count);
        int count = (int)Math.Min(_kept, order.Length);
        return rows.Gather(order.AsSpan(0, count));
    }
}
