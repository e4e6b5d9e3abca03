namespace NeuroDb.Query;

/// <summary>Takes rows out of a batch, but only the columns that an expression reads.</summary>
internal static class BatchRows
{
    /// <summary>
    /// The batch of some rows. Columns that the expression does not read become NULL columns
    /// that share one array; an expression of unknown kind gets all columns.
    /// </summary>
    public static RowBatch Gather(RowBatch batch, ReadOnlySpan<int> rows, Expression expression)
    {
        var used = new bool[batch.Columns.Length];
        if (!Mark(expression, used))
        {
            return batch.Gather(rows);
        }

        ColumnBuffer? unused = null;
        var columns = new ColumnBuffer[used.Length];
        for (int i = 0; i < used.Length; i++)
        {
            columns[i] = used[i]
                ? batch.Columns[i].Gather(rows)
                : unused ??= ColumnLoops.AllNull(DataType.Null, rows.Length);
        }

        return new RowBatch(columns, rows.Length);
    }

    private static bool Mark(Expression expression, bool[] used)
    {
        switch (expression)
        {
            case OrdinalExpression column:
                used[column.Ordinal] = true;
                return true;
            case RowExpression:
                foreach (Expression child in expression.Children)
                {
                    if (!Mark(child, used))
                    {
                        return false;
                    }
                }

                return true;
            default:
                return expression.IsRowIndependent;
        }
    }
}
