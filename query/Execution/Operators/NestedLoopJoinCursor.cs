namespace NeuroDb.Query;

/// <summary>The state of a <see cref="NestedLoopJoin"/>: the next pair.</summary>
internal sealed class NestedLoopJoinCursor(JoinShape shape, ExecutionContext context)
    : JoinCursor(shape, context)
{
    private int _leftCount;
    private int _rightCount;
    private int _leftRow;
    private int _rightRow;

    /// <inheritdoc/>
    protected override bool Start()
    {
        RowBatch right = RowStore.Materialize(Shape.Right, Context);
        _rightCount = right.Count;
        Begin(Shape.Left.Open(Context), right);
        return true;
    }

    /// <inheritdoc/>
    protected override void StartLeft(RowBatch left)
    {
        _leftCount = left.Count;
        _leftRow = 0;
        _rightRow = 0;
    }

    /// <inheritdoc/>
    protected override int Propose(Span<int> leftRows, Span<int> rightRows)
    {
        int count = 0;
        while (count < leftRows.Length && _leftRow < _leftCount && _rightCount > 0)
        {
            int run = Math.Min(leftRows.Length - count, _rightCount - _rightRow);
            leftRows.Slice(count, run).Fill(_leftRow);
            for (int i = 0; i < run; i++)
            {
                rightRows[count + i] = _rightRow + i;
            }

            count += run;
            _rightRow += run;
            if (_rightRow == _rightCount)
            {
                _rightRow = 0;
                _leftRow++;
            }
        }

        return count;
    }
}
