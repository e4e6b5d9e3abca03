namespace NeuroDb.Query;

/// <summary>
/// The state of a join: the right side in memory, one batch of the left side at a time. A subclass
/// proposes pairs of rows; this class checks them, makes rows of them, and adds the rows without
/// partner of outer joins.
/// </summary>
internal abstract class JoinCursor : BatchCursor
{
    private readonly JoinShape _shape;
    private BatchCursor? _left;
    private readonly int[] _leftRows = new int[Limits.BatchRowCount];
    private readonly int[] _rightRows = new int[Limits.BatchRowCount];
    private bool[] _leftMatched = [];
    private bool[] _rightMatched = [];
    private bool _leftEnded;
    private int _rightNext;

    /// <summary>Makes the state; both sides are read when the first batch is asked for.</summary>
    protected JoinCursor(JoinShape shape, ExecutionContext context)
    {
        _shape = shape;
        Context = context;
    }

    /// <summary>The sides and the kind.</summary>
    protected JoinShape Shape => _shape;

    /// <summary>The execution.</summary>
    protected ExecutionContext Context { get; }

    /// <summary>The batch of the left side at hand.</summary>
    protected RowBatch? LeftBatch { get; private set; }

    /// <summary>All rows of the right side.</summary>
    protected RowBatch? RightRows { get; private set; }

    /// <summary>
    /// Whether the subclass finds right rows for each batch of the left side, and none is read
    /// beforehand.
    /// </summary>
    protected virtual bool FindsRight => false;

    private bool KeepsLeft =>
        _shape.Kind is JoinKind.Left or JoinKind.Full or JoinKind.Semi or JoinKind.Anti;

    private bool KeepsRight => _shape.Kind is JoinKind.Full;

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        if (RightRows is null)
        {
            if (!Start())
            {
                return Next();
            }

            Invariant.Check(RightRows is not null);
        }

        while (true)
        {
            Context.ThrowIfCancelled();
            if (LeftBatch is null && !NextLeft())
            {
                return NextUnmatchedRight();
            }

            int count = Propose(_leftRows, _rightRows);
            RowBatch? joined = count == 0 ? EndLeft() : Join(count);
            if (joined is not null)
            {
                return joined;
            }
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _left?.Dispose();
        base.Dispose();
    }

    /// <summary>
    /// Reads the right side and opens the left one, then calls Begin; false if the subclass gives
    /// the rows in another way from now on.
    /// </summary>
    protected abstract bool Start();

    /// <summary>Takes the sides.</summary>
    protected void Begin(BatchCursor left, RowBatch right)
    {
        _left = left;
        RightRows = right;
        _rightMatched = KeepsRight ? new bool[right.Count] : [];
    }

    /// <summary>Prepares for a batch of the left side.</summary>
    protected abstract void StartLeft(RowBatch left);

    /// <summary>
    /// Writes the next pairs of rows, in the order of the left rows; 0 when there are no more for
    /// this batch.
    /// </summary>
    protected abstract int Propose(Span<int> leftRows, Span<int> rightRows);

    /// <summary>Gives the right rows for a batch of the left side.</summary>
    protected void GiveRight(RowBatch right)
    {
        Invariant.Check(FindsRight);
        RightRows = right;
    }

    private static ColumnBuffer AllNull(DataType type, int count)
    {
        ColumnBuilder builder = ColumnBuilder.Create(type, count);
        for (int i = 0; i < count; i++)
        {
            builder.AppendNull();
        }

        return builder.Build();
    }

    private bool NextLeft()
    {
        bool isUseless = RightRows!.Count == 0 && !FindsRight
            && (!KeepsLeft || _shape.Kind == JoinKind.Semi);
        if (_leftEnded || isUseless || _left!.Next() is not { } batch)
        {
            _leftEnded = true;
            return false;
        }

        LeftBatch = batch;
        _leftMatched = KeepsLeft ? new bool[batch.Count] : [];
        StartLeft(batch);
        return true;
    }

    private RowBatch? Join(int count)
    {
        ReadOnlySpan<int> leftRows = _leftRows.AsSpan(0, count);
        ReadOnlySpan<int> rightRows = _rightRows.AsSpan(0, count);
        if (_shape.Residual is { } residual)
        {
            RowBatch narrow = Pair(residual.Ordinals, leftRows, rightRows);
            int[]? passing = Conditions.Rows(residual.Expression, narrow, Context);
            if (passing is not null)
            {
                count = passing.Length;
                for (int i = 0; i < count; i++)
                {
                    _leftRows[i] = _leftRows[passing[i]];
                    _rightRows[i] = _rightRows[passing[i]];
                }
            }
        }

        if (count == 0)
        {
            return null;
        }

        leftRows = leftRows[..count];
        rightRows = rightRows[..count];
        Mark(leftRows, _leftMatched);
        Mark(rightRows, _rightMatched);
        return _shape.IsHalf ? null : Pair(_shape.Ordinals, leftRows, rightRows);
    }

    private static void Mark(ReadOnlySpan<int> rows, bool[] matched)
    {
        if (matched.Length > 0)
        {
            foreach (int row in rows)
            {
                matched[row] = true;
            }
        }
    }

    private RowBatch Pair(
        int[] ordinals, ReadOnlySpan<int> leftRows, ReadOnlySpan<int> rightRows)
    {
        int leftWidth = LeftBatch!.Columns.Length;
        var columns = new ColumnBuffer[ordinals.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            int ordinal = ordinals[i];
            columns[i] = ordinal < leftWidth
                ? LeftBatch.Columns[ordinal].Gather(leftRows)
                : RightRows!.Columns[ordinal - leftWidth].Gather(rightRows);
        }

        return new RowBatch(columns, leftRows.Length);
    }

    private RowBatch? EndLeft()
    {
        RowBatch batch = LeftBatch!;
        LeftBatch = null;
        if (!KeepsLeft)
        {
            return null;
        }

        int[] rows = RowsWhere(_leftMatched, _shape.Kind == JoinKind.Semi, 0, batch.Count);
        if (rows.Length == 0)
        {
            return null;
        }

        int leftWidth = batch.Columns.Length;
        var columns = new ColumnBuffer[_shape.Ordinals.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            int ordinal = _shape.Ordinals[i];
            columns[i] = ordinal < leftWidth
                ? batch.Columns[ordinal].Gather(rows)
                : AllNull(_shape.Right.Output[ordinal - leftWidth].Type, rows.Length);
        }

        return new RowBatch(columns, rows.Length);
    }

    private RowBatch? NextUnmatchedRight()
    {
        while (_rightNext < _rightMatched.Length)
        {
            int end = Math.Min(_rightMatched.Length, _rightNext + Limits.BatchRowCount);
            int[] rows = RowsWhere(_rightMatched, false, _rightNext, end);
            _rightNext = end;
            if (rows.Length > 0)
            {
                return AloneRight(rows);
            }
        }

        return null;
    }

    private RowBatch AloneRight(int[] rows)
    {
        int leftWidth = _shape.Left.Output.Count;
        var columns = new ColumnBuffer[_shape.Ordinals.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            int ordinal = _shape.Ordinals[i];
            columns[i] = ordinal < leftWidth
                ? AllNull(_shape.Left.Output[ordinal].Type, rows.Length)
                : RightRows!.Columns[ordinal - leftWidth].Gather(rows);
        }

        return new RowBatch(columns, rows.Length);
    }

    private static int[] RowsWhere(bool[] matched, bool wanted, int start, int end)
    {
        var rows = new List<int>();
        for (int row = start; row < end; row++)
        {
            if (matched[row] == wanted)
            {
                rows.Add(row);
            }
        }

        return [.. rows];
    }
}
