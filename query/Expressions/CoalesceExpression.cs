namespace NeuroDb.Query;

/// <summary>
/// The first operand that is not NULL; each is computed only for rows that have none yet.
/// </summary>
internal sealed class CoalesceExpression(DataType type, IReadOnlyList<Expression> children)
    : RowExpression(type, children)
{
    /// <inheritdoc/>
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new CoalesceExpression(Type, children);

    /// <inheritdoc/>
    public override string ToString() => $"coalesce({string.Join(", ", Children)})";

    /// <inheritdoc/>
    protected override ColumnBuffer EvaluateRows(RowBatch batch, ExecutionContext context)
    {
        var result = ColumnAssembler.Create(Type, batch.Count);
        var rows = new RowSelection(batch.Count);
        foreach (Expression child in Children)
        {
            ColumnBuffer values = rows.Evaluate(child, batch, context);
            if (rows.IsAll && values.Count == batch.Count && !values.Nulls.MayHaveNulls)
            {
                return values.WithType(Type);
            }

            result.Put(rows, values);
            KeepNulls(rows, values);
            if (rows.Count == 0)
            {
                break;
            }
        }

        return result.Build();
    }

    private static void KeepNulls(RowSelection rows, ColumnBuffer values)
    {
        int mask = values.Count == 1 ? 0 : -1;
        int left = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            if (values.IsNull(i & mask))
            {
                rows.Keep(left++, rows[i]);
            }
        }

        rows.Truncate(left);
    }
}
