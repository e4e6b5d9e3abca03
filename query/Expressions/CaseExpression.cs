using System.Text;

namespace NeuroDb.Query;

/// <summary>
/// CASE: the children are WHEN, THEN, WHEN, THEN, ..., ELSE. Each condition is computed for the
/// rows that no earlier one took, each result for the rows that take it.
/// </summary>
internal sealed class CaseExpression(DataType type, IReadOnlyList<Expression> children)
    : RowExpression(type, children)
{
    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new CaseExpression(Type, children);

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder("CASE");
        for (int i = 0; i + 1 < Children.Count; i += 2)
        {
            text.Append(" WHEN ").Append(Children[i]).Append(" THEN ").Append(Children[i + 1]);
        }

        return text.Append(" ELSE ").Append(Children[^1]).Append(" END").ToString();
    }

    /// <inheritdoc/>
    protected override ColumnBuffer EvaluateRows(RowBatch batch, ExecutionContext context)
    {
        var result = ColumnAssembler.Create(Type, batch.Count);
        var rows = new RowSelection(batch.Count);
        for (int i = 0; i + 1 < Children.Count && rows.Count > 0; i += 2)
        {
            ColumnBuffer condition = rows.Evaluate(Children[i], batch, context);
            RowSelection taken = Split(rows, condition, batch.Count);
            if (taken.Count > 0)
            {
                result.Put(taken, taken.Evaluate(Children[i + 1], batch, context));
            }
        }

        if (rows.Count > 0)
        {
            result.Put(rows, rows.Evaluate(Children[^1], batch, context));
        }

        return result.Build();
    }

    private static RowSelection Split(RowSelection rows, ColumnBuffer condition, int total)
    {
        var values = new Operand<long>(condition, rows.Count);
        int mask = values.IsScalar ? 0 : -1;
        var taken = new int[rows.Count];
        int takenCount = 0;
        int left = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            int row = rows[i];
            if (values[i] != 0 && !condition.IsNull(i & mask))
            {
                taken[takenCount++] = row;
            }
            else
            {
                rows.Keep(left++, row);
            }
        }

        rows.Truncate(left);
        return new RowSelection(total, taken, takenCount);
    }
}
