namespace NeuroDb.Query;

/// <summary>
/// Compares rows by sort keys whose values are given as columns; NULLs go where each key says.
/// </summary>
internal sealed class RowOrder(IReadOnlyList<SortKey> keys)
{
    /// <summary>The keys; the first decides first.</summary>
    public IReadOnlyList<SortKey> Keys { get; } = keys;

    /// <summary>The values of the keys for a batch.</summary>
    public ColumnBuffer[] Evaluate(RowBatch batch, ExecutionContext context)
    {
        var columns = new ColumnBuffer[Keys.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = Keys[i].Expression.Evaluate(batch, context);
        }

        return columns;
    }

    /// <summary>Compares a row with a row of perhaps other columns of the same types.</summary>
    public int Compare(ColumnBuffer[] left, int leftRow, ColumnBuffer[] right, int rightRow)
    {
        for (int i = 0; i < Keys.Count; i++)
        {
            SortKey key = Keys[i];
            bool leftNull = left[i].IsNull(leftRow);
            bool rightNull = right[i].IsNull(rightRow);
            if (leftNull || rightNull)
            {
                if (leftNull != rightNull)
                {
                    return leftNull == key.NullsFirst ? -1 : 1;
                }

                continue;
            }

            int order = ValueOrder.Compare(left[i], leftRow, right[i], rightRow);
            if (order != 0)
            {
                return key.IsDescending ? -Math.Sign(order) : order;
            }
        }

        return 0;
    }

    /// <summary>The rows in order; equal ones stay in the order in which they are.</summary>
    public int[] Sort(ColumnBuffer[] columns, int count, ExecutionContext context) =>
        new RowSorter(this, columns, context).Sort(count);
}
