namespace NeuroDb.Query;

/// <summary>
/// The rows of a batch that an expression still has to look at, in ascending order. Owned by one
/// evaluation.
/// </summary>
internal sealed class RowSelection
{
    private readonly int _total;
    private int[]? _rows;

    /// <summary>Selects all rows of a batch.</summary>
    public RowSelection(int total)
    {
        _total = total;
        Count = total;
    }

    /// <summary>
    /// Selects some rows of a batch of that size; the array becomes the selection's.
    /// </summary>
    public RowSelection(int total, int[] rows, int count)
    {
        _total = total;
        _rows = rows;
        Count = count;
    }

    /// <summary>How many rows are selected.</summary>
    public int Count { get; private set; }

    /// <summary>Whether all rows are selected.</summary>
    public bool IsAll => Count == _total;

    /// <summary>The selected rows.</summary>
    public ReadOnlySpan<int> Rows
    {
        get
        {
            if (_rows is null)
            {
                _rows = new int[_total];
                for (int i = 0; i < _total; i++)
                {
                    _rows[i] = i;
                }
            }

            return _rows.AsSpan(0, Count);
        }
    }

    /// <summary>The row at a place of the selection.</summary>
    public int this[int place] => _rows is null ? place : _rows[place];

    /// <summary>
    /// While walking the selection: keeps a row. Places are given without gaps, none later than
    /// the one being read.
    /// </summary>
    public void Keep(int place, int row)
    {
        if (_rows is null)
        {
            if (place == row)
            {
                return;
            }

            _rows = new int[_total];
            for (int i = 0; i < _total; i++)
            {
                _rows[i] = i;
            }
        }

        _rows[place] = row;
    }

    /// <summary>Ends a walk: only the first rows stay.</summary>
    public void Truncate(int count)
    {
        Invariant.Check(count <= Count);
        if (count < Count && _rows is null)
        {
            _ = Rows;
        }

        Count = count;
    }

    /// <summary>
    /// The values of an expression for the selected rows only: one for each selected row, or a
    /// single one that stands for all.
    /// </summary>
    public ColumnBuffer Evaluate(
        Expression expression, RowBatch batch, ExecutionContext context)
    {
        if (IsAll || expression.IsRowIndependent)
        {
            return expression.Evaluate(
                expression.IsRowIndependent ? new RowBatch([], 1) : batch, context);
        }

        return expression.Evaluate(BatchRows.Gather(batch, Rows, expression), context);
    }
}
