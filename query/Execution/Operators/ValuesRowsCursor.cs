namespace NeuroDb.Query;

/// <summary>The state of <see cref="ValuesRows"/>.</summary>
internal sealed class ValuesRowsCursor(ValuesRows values, ExecutionContext context) : BatchCursor
{
    private int _next;

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        int count = Math.Min(Limits.BatchRowCount, values.Rows.Count - _next);
        if (count <= 0)
        {
            return null;
        }

        context.ThrowIfCancelled();
        var columns = new ColumnBuffer[values.Output.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            ColumnBuilder builder = ColumnBuilder.Create(values.Output[i].Type, count);
            for (int row = _next; row < _next + count; row++)
            {
                builder.Append(Conditions.ValueOf(values.Rows[row][i], context));
            }

            columns[i] = builder.Build();
        }

        _next += count;
        return new RowBatch(columns, count);
    }
}
