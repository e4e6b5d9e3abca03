namespace NeuroDb.Query;

/// <summary>
/// The state of <see cref="TableFunctionRows"/>: the rows still to come, of which a batch is taken
/// at a time. A last column beyond those of the function numbers the rows from 1.
/// </summary>
internal sealed class TableFunctionCursor(
    TableFunction function,
    Expression[] arguments,
    IReadOnlyList<OutputColumn> output,
    ExecutionContext context)
    : BatchCursor
{
    private IEnumerator<Value[]>? _rows;
    private long _number;

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        context.ThrowIfCancelled();
        _rows ??= Begin();
        ColumnBuilder[] builders =
            [.. output.Select(column => ColumnBuilder.Create(column.Type))];
        int count = 0;
        while (count < Limits.BatchRowCount && _rows.MoveNext())
        {
            Value[] row = _rows.Current;
            for (int i = 0; i < row.Length; i++)
            {
                builders[i].Append(row[i]);
            }

            _number++;
            if (builders.Length > row.Length)
            {
                builders[^1].Append(Value.Of(_number));
            }

            count++;
        }

        return count == 0
            ? null
            : new RowBatch([.. builders.Select(builder => builder.Build())], count);
    }

    private IEnumerator<Value[]> Begin()
    {
        Value[] values = [.. arguments.Select(argument => Conditions.ValueOf(argument, context))];
        IEnumerable<Value[]> rows = function.RunIn is { } run
            ? run(values, context)
            : function.Run(values);
        return rows.GetEnumerator();
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _rows?.Dispose();
        base.Dispose();
    }
}
