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
    public int[] Sort(ColumnBuffer[] columns, int count)
    {
        var rows = new int[count];
        for (int i = 0; i < count; i++)
        {
            rows[i] = i;
        }

        if (Keys.Count == 1 && TrySortSingle(columns[0], rows))
        {
            return rows;
        }

        Array.Sort(rows, (left, right) =>
        {
            int order = Compare(columns, left, columns, right);
            return order != 0 ? order : left.CompareTo(right);
        });
        return rows;
    }

    private bool TrySortSingle(ColumnBuffer column, int[] rows)
    {
        if (column.Nulls.MayHaveNulls)
        {
            return false;
        }

        switch (column)
        {
            case ColumnBuffer<long> longs:
                SortNumbers(longs.Values, rows, Keys[0].IsDescending);
                return true;
            case ColumnBuffer<double> doubles:
                SortNumbers(doubles.Values, rows, Keys[0].IsDescending);
                return true;
            default:
                return false;
        }
    }

    private static void SortNumbers<T>(ReadOnlySpan<T> values, int[] rows, bool isDescending)
        where T : IComparable<T>
    {
        T[] copy = values.ToArray();
        Comparison<int> comparison = isDescending
            ? (left, right) =>
            {
                int order = copy[right].CompareTo(copy[left]);
                return order != 0 ? order : left.CompareTo(right);
            }
        : (left, right) =>
            {
                int order = copy[left].CompareTo(copy[right]);
                return order != 0 ? order : left.CompareTo(right);
            };
        Array.Sort(rows, comparison);
    }
}
