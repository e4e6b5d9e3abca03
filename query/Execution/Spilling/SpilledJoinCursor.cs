namespace NeuroDb.Query;

/// <summary>
/// A hash join whose right side does not fit its memory: both sides are parted by the hash of their
/// keys and joined part by part (grace hash join, M. Kitsuregawa et al., 1983). A part that is
/// still too large is parted again.
/// </summary>
internal sealed class SpilledJoinCursor : BatchCursor
{
    private readonly HashJoin _join;
    private readonly ExecutionContext _context;
    private readonly SpillPartitions _left;
    private readonly SpillPartitions _right;
    private readonly int _level;
    private BatchCursor? _part;
    private int _next;

    /// <summary>Parts both sides; reads them to their ends.</summary>
    public SpilledJoinCursor(
        HashJoin join, ExecutionContext context, BatchCursor left, BatchCursor right, int level)
    {
        _join = join;
        _context = context;
        _level = level;
        _right = Part(join.Shape.Right, join.RightKeys, right);
        _left = Part(join.Shape.Left, join.LeftKeys, left);
        context.Profile?.Find(join)?.CountSpilled(_left.LengthBytes + _right.LengthBytes);
    }

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        while (_part is not null || _next < SpillPartitions.Count)
        {
            _context.ThrowIfCancelled();
            _part ??= OpenPart(_next++);
            if (_part.Next() is { } batch)
            {
                return batch;
            }

            _part.Dispose();
            _part = null;
        }

        return null;
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _part?.Dispose();
        _left.Dispose();
        _right.Dispose();
        base.Dispose();
    }

    private BatchCursor OpenPart(int part)
    {
        BatchCursor right = _right.Open(part);
        (RowBatch? rows, BatchCursor? more) =
            HashJoinBuild.Read(_join, right, _context, canSpill: _level < SpillPartitions.LevelMax);
        return rows is not null
            ? new HashJoinCursor(
                _join,
                _context,
                HashJoinBuild.Index(_join, rows, _context),
                _left.Open(part),
                ownsBuild: true)
            : new SpilledJoinCursor(_join, _context, _left.Open(part), more!, _level + 1);
    }

    private SpillPartitions Part(PlanNode side, Expression[] keys, BatchCursor rows)
    {
        var parts = new SpillPartitions(
            _context.Spill!,
            side.Output.Select(column => column.Type),
            keys.Select(key => key.Type),
            _level);
        using (rows)
        {
            while (rows.Next() is { } batch)
            {
                _context.ThrowIfCancelled();
                parts.Add(batch, HashJoinBuild.Evaluate(keys, batch, _context));
            }
        }

        parts.Complete();
        return parts;
    }
}
