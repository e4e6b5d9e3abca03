namespace NeuroDb.Query;

/// <summary>
/// The state of a <see cref="HashJoin"/>: the rows of each key of the right side as a list linked
/// through an array. A NULL key has no partner.
/// </summary>
internal sealed class HashJoinCursor(HashJoin join, ExecutionContext context)
    : JoinCursor(join.Shape, context)
{
    private readonly GroupTable _keys = new(join.RightKeys.Select(key => key.Type));
    private int[] _firsts = [];
    private int[] _followers = [];
    private int[] _groups = [];
    private int _row;
    private int _partner;

    /// <inheritdoc/>
    protected override void StartRight(RowBatch right)
    {
        ColumnBuffer[] keys = Evaluate(join.RightKeys, right);
        var groups = new int[right.Count];
        _keys.FindOrAdd(keys, right.Count, groups);
        _firsts = new int[_keys.Count];
        _firsts.AsSpan().Fill(-1);
        _followers = new int[right.Count];
        for (int row = right.Count - 1; row >= 0; row--)
        {
            if (!HasNull(keys, row))
            {
                _followers[row] = _firsts[groups[row]];
                _firsts[groups[row]] = row;
            }
        }
    }

    /// <inheritdoc/>
    protected override void StartLeft(RowBatch left)
    {
        ColumnBuffer[] keys = Evaluate(join.LeftKeys, left);
        _groups = new int[left.Count];
        _keys.Find(keys, left.Count, _groups);
        _row = -1;
        _partner = -1;
    }

    /// <inheritdoc/>
    protected override int Propose(Span<int> leftRows, Span<int> rightRows)
    {
        int count = 0;
        while (count < leftRows.Length)
        {
            if (_partner < 0)
            {
                if (++_row >= _groups.Length)
                {
                    _row = _groups.Length;
                    break;
                }

                _partner = _groups[_row] < 0 ? -1 : _firsts[_groups[_row]];
                continue;
            }

            leftRows[count] = _row;
            rightRows[count++] = _partner;
            _partner = join.Shape.OnePartnerDecides ? -1 : _followers[_partner];
        }

        return count;
    }

    private static bool HasNull(ColumnBuffer[] keys, int row)
    {
        foreach (ColumnBuffer key in keys)
        {
            if (key.IsNull(row))
            {
                return true;
            }
        }

        return false;
    }

    private ColumnBuffer[] Evaluate(Expression[] keys, RowBatch batch)
    {
        var columns = new ColumnBuffer[keys.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = keys[i].Evaluate(batch, Context);
        }

        return columns;
    }
}
