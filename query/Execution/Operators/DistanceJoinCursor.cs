namespace NeuroDb.Query;

/// <summary>The state of a <see cref="DistanceJoin"/>: the pairs of some left rows.</summary>
internal sealed class DistanceJoinCursor(DistanceJoin join, ExecutionContext context)
    : JoinCursor(join.Shape, context)
{
    /// <summary>The most left vectors that are compared at once.</summary>
    public const int QueryCountMax = 64;

    // The pairs kept at once, if all of them are near enough.
    private const long PairCountMax = 4 << 20;

    // So few right vectors are compared with a whole batch of left ones: the sides change places.
    private const int FewCountMax = 256;
    private JoinedVectors? _right;
    private ColumnBuffer? _few;
    private ColumnBuffer? _vectors;
    private ColumnBuffer? _bounds;
    private float _bound;
    private int[][] _found = [];
    private int _first;
    private int _query;
    private int _partner;

    /// <inheritdoc/>
    protected override bool Start()
    {
        RowBatch right = RowStore.Materialize(Shape.Right, Context);
        ColumnBuffer vectors = join.RightVector.Evaluate(right, Context);
        _few = right.Count <= FewCountMax ? vectors : null;
        _right = new JoinedVectors(vectors, join.Distance.Metric, Context);
        if (join.IsBoundOfRight)
        {
            _bound = BoundOf(right);
        }

        Begin(Shape.Left.Open(Context), right);
        return true;
    }

    // The farthest bound of all right rows serves every left row: the condition says the rest.
    private float BoundOf(RowBatch right)
    {
        ColumnBuffer bounds = join.Bound.Evaluate(right, Context);
        float farthest = float.NegativeInfinity;
        for (int row = 0; row < right.Count; row++)
        {
            farthest = Math.Max(
                farthest, VectorThreshold.RankOf(join.Distance, bounds.GetValue(row)));
        }

        return farthest;
    }

    /// <inheritdoc/>
    protected override void StartLeft(RowBatch left)
    {
        _vectors = join.LeftVector.Evaluate(left, Context);
        _bounds = join.IsBoundOfRight ? null : join.Bound.Evaluate(left, Context);
        _found = [];
        _first = 0;
        _query = 0;
        _partner = 0;
    }

    /// <inheritdoc/>
    protected override int Propose(Span<int> leftRows, Span<int> rightRows)
    {
        int count = 0;
        while (count < leftRows.Length)
        {
            if (_query == _found.Length && !TrySearch())
            {
                break;
            }

            int[] partners = _found[_query];
            int run = Math.Min(leftRows.Length - count, partners.Length - _partner);
            leftRows.Slice(count, run).Fill(_first + _query);
            partners.AsSpan(_partner, run).CopyTo(rightRows[count..]);
            count += run;
            _partner += run;
            if (_partner == partners.Length)
            {
                _partner = 0;
                _query++;
            }
        }

        return count;
    }

    // The next left rows of the batch at hand.
    private bool TrySearch()
    {
        Context.ThrowIfCancelled();
        _first += _found.Length;
        int most = _few is not null
            ? LeftBatch!.Count
            : (int)Math.Clamp(PairCountMax / Math.Max(1, _right!.Count), 4, QueryCountMax);
        int count = Math.Min(most, LeftBatch!.Count - _first);
        _query = 0;
        if (count <= 0)
        {
            _found = [];
            return false;
        }

        var ranks = new float[count];
        for (int i = 0; i < count; i++)
        {
            ranks[i] = _vectors!.IsNull(_first + i)
                ? float.NegativeInfinity
                : _bounds is null
                    ? _bound
                    : VectorThreshold.RankOf(join.Distance, _bounds.GetValue(_first + i));
        }

        _found = _few is null
            ? _right!.Within(_vectors!, _first, ranks)
            : Transposed(_few, ranks.Max(), count);
        return true;
    }

    // For each left row of the batch the right rows, found from there.
    private int[][] Transposed(ColumnBuffer few, float rank, int count)
    {
        var ranks = new float[few.Count];
        for (int i = 0; i < ranks.Length; i++)
        {
            ranks[i] = few.IsNull(i) ? float.NegativeInfinity : rank;
        }

        var left = new JoinedVectors(_vectors!, join.Distance.Metric, Context);
        int[][] found = left.Within(few, 0, ranks);
        var partners = new List<int>?[count];
        for (int right = 0; right < found.Length; right++)
        {
            foreach (int row in found[right])
            {
                (partners[row] ??= []).Add(right);
            }
        }

        return [.. partners.Select(static rows => rows?.ToArray() ?? [])];
    }
}
