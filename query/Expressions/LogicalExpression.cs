namespace NeuroDb.Query;

/// <summary>
/// AND or OR of any number of conditions in three-valued logic, from left to right: an operand
/// that may raise an error is computed only for rows that the earlier ones left undecided.
/// </summary>
internal sealed class LogicalExpression(bool isAnd, IReadOnlyList<Expression> operands)
    : RowExpression(DataType.Boolean, operands)
{
    /// <summary>Whether this is AND, not OR.</summary>
    public bool IsAnd { get; } = isAnd;

    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new LogicalExpression(IsAnd, children);

    /// <inheritdoc/>
    public override string ToString() =>
        $"({string.Join(IsAnd ? " AND " : " OR ", Children)})";

    /// <inheritdoc/>
    protected override ColumnBuffer EvaluateRows(RowBatch batch, ExecutionContext context)
    {
        int count = batch.Count;
        var rows = new RowSelection(count);
        long deciding = IsAnd ? 0 : 1;
        var result = new long[count];
        result.AsSpan().Fill(1 - deciding);
        byte[]? nulls = null;
        foreach (Expression operand in Children)
        {
            if (rows.Count == 0)
            {
                break;
            }

            ColumnBuffer values = rows.Evaluate(operand, batch, context);
            Combine(values, rows, deciding, result, ref nulls);
        }

        return new ColumnBuffer<long>(Type, result, 0, count, new NullMask(nulls));
    }

    private static void Combine(
        ColumnBuffer operand, RowSelection rows, long deciding, long[] result, ref byte[]? nulls)
    {
        var values = new Operand<long>(operand, rows.Count);
        int nullMask = values.IsScalar ? 0 : -1;
        bool mayHaveNulls = operand.Nulls.MayHaveNulls;
        int left = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            int row = rows[i];
            if (mayHaveNulls && operand.IsNull(i & nullMask))
            {
                nulls ??= new byte[result.Length];
                nulls[row] = 1;
            }
            else if (values[i] == deciding)
            {
                result[row] = deciding;
                if (nulls is not null)
                {
                    nulls[row] = 0;
                }

                continue;
            }

            rows.Keep(left++, row);
        }

        rows.Truncate(left);
    }
}
