namespace NeuroDb.Query;

/// <summary>
/// The state of a <see cref="HashJoin"/>: for each left row the chain of right rows with its key.
/// </summary>
internal sealed class HashJoinCursor : JoinCursor
{
    private readonly HashJoin _join;
    private readonly GroupProbe _probe = new();
    private readonly bool _ownsBuild;
    private SpilledJoinCursor? _spilled;
    private HashJoinBuild? _build;
    private int[] _groups = [];
    private int _row;
    private int _partner;

    /// <summary>Makes the state; nothing is read yet.</summary>
    public HashJoinCursor(HashJoin join, ExecutionContext context)
        : base(join.Shape, context)
    {
        _join = join;
        _ownsBuild = true;
    }

    /// <summary>
    /// Makes the state over a right side that was read; one of several threads does not own it.
    /// </summary>
    public HashJoinCursor(
        HashJoin join,
        ExecutionContext context,
        HashJoinBuild build,
        BatchCursor left,
        bool ownsBuild)
        : base(join.Shape, context)
    {
        _join = join;
        _build = build;
        _ownsBuild = ownsBuild;
        Begin(left, build.Rows);
    }

    /// <inheritdoc/>
    public override RowBatch? Next() => _spilled is null ? base.Next() : _spilled.Next();

    /// <inheritdoc/>
    public override void Dispose()
    {
        _spilled?.Dispose();
        base.Dispose();
        if (_ownsBuild)
        {
            _build?.Dispose();
        }

        _build = null;
    }

    /// <inheritdoc/>
    protected override bool Start()
    {
        _build = HashJoinBuild.Start(
            _join, Context, out RowBatch? rows, out BatchCursor? tooMany);
        BatchCursor left = rows is null
            ? _join.Shape.Left.Open(Context)
            : new RowsCursor(rows);
        if (_build is null)
        {
            _spilled = new SpilledJoinCursor(_join, Context, left, tooMany!, level: 0);
            return false;
        }

        Begin(left, _build.Rows);
        return true;
    }

    /// <inheritdoc/>
    protected override void StartLeft(RowBatch left)
    {
        ColumnBuffer[] keys = HashJoinBuild.Evaluate(_join.LeftKeys, left, Context);
        if (_groups.Length != left.Count)
        {
            _groups = new int[left.Count];
        }

        _build!.Keys.Find(keys, left.Count, _groups, _probe);
        _row = -1;
        _partner = -1;
    }

    /// <inheritdoc/>
    protected override int Propose(Span<int> leftRows, Span<int> rightRows)
    {
        if (_build!.IsUnique)
        {
            return ProposeOnly(leftRows, rightRows);
        }

        int[] firsts = _build.Firsts;
        int[] followers = _build.Followers;
        bool isOnce = _join.Shape.OnePartnerDecides;
        int count = 0;
        int row = _row;
        int partner = _partner;
        while (count < leftRows.Length)
        {
            if (partner < 0)
            {
                if (++row >= _groups.Length)
                {
                    row = _groups.Length;
                    break;
                }

                partner = _groups[row] < 0 ? -1 : firsts[_groups[row]];
                continue;
            }

            leftRows[count] = row;
            rightRows[count++] = partner;
            partner = isOnce ? -1 : followers[partner];
        }

        _row = row;
        _partner = partner;
        return count;
    }

    // The number of a key is that of its only row.
    private int ProposeOnly(Span<int> leftRows, Span<int> rightRows)
    {
        int[] groups = _groups;
        int count = 0;
        int row = _row + 1;
        for (; row < groups.Length && count < leftRows.Length; row++)
        {
            leftRows[count] = row;
            rightRows[count] = groups[row];
            count += groups[row] >= 0 ? 1 : 0;
        }

        _row = row - 1;
        return count;
    }
}
