namespace NeuroDb.Query;

/// <summary>
/// The state of a <see cref="TopK"/>. On several threads each keeps the first rows of its part.
/// </summary>
internal sealed class TopKCursor : BatchCursor
{
    private readonly TopK _plan;
    private readonly ExecutionContext _context;
    private readonly long _limit;
    private readonly long _offset;
    private readonly long _kept;
    private RowOutput? _output;

    /// <summary>Makes the state; nothing is read yet.</summary>
    public TopKCursor(TopK plan, long limit, long offset, ExecutionContext context)
    {
        _plan = plan;
        _context = context;
        _limit = limit;
        _offset = offset;
        _kept = limit > long.MaxValue - offset ? long.MaxValue : limit + offset;
    }

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        _output ??= new RowOutput(_limit == 0 ? new RowBatch([], 0) : Run());
        return _output.Next();
    }

    private RowBatch Run()
    {
        var top = new TopRows(_plan, _kept, _context);
        if (_plan.ParallelInput(_context) is { } pipeline)
        {
            pipeline.Prepare();
            RowBatch[] parts = Lanes.Run(pipeline, _context, cursor =>
            {
                var part = new TopRows(_plan, _kept, _context);
                part.TakeAll(cursor);
                return part.Sorted();
            });
            foreach (RowBatch part in parts)
            {
                top.Take(part);
            }
        }
        else
        {
            using BatchCursor input = _plan.Input.Open(_context);
            top.TakeAll(input);
        }

        RowBatch rows = top.Sorted();
        int start = (int)Math.Min(_offset, rows.Count);
        return rows.Slice(start, rows.Count - start);
    }
}
