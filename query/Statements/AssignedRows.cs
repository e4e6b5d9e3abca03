namespace NeuroDb.Query;

/// <summary>
/// The rows of VALUES in an INSERT: each value has been brought to the type of its column by
/// itself, so that one row does not decide the types of another.
/// </summary>
internal sealed class AssignedRows(IReadOnlyList<OutputColumn> output, Expression[][] rows)
    : PlanNode(output)
{
    private static readonly RowBatch OneRow = new([], 1);

    /// <inheritdoc/>
    public override string Describe() => $"Values: {rows.Length} rows";

    /// <summary>All rows.</summary>
    public RowBatch Read(ExecutionContext context)
    {
        var columns = new ColumnBuffer[Output.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            if (rows.Length == 1)
            {
                columns[i] = ColumnBuffer.Constant(
                    Output[i].Type, ValueOf(rows[0][i], context), 1);
                continue;
            }

            ColumnBuilder builder = ColumnBuilder.Create(Output[i].Type, rows.Length);
            foreach (Expression[] row in rows)
            {
                builder.Append(ValueOf(row[i], context));
            }

            columns[i] = builder.Build();
        }

        return new RowBatch(columns, rows.Length);
    }

    /// <summary>
    /// All rows, for who copies what stays of them: one row lies in memory that the next statement
    /// of the session uses again.
    /// </summary>
    public RowBatch ReadToCopy(ExecutionContext context)
    {
        if (rows.Length != 1)
        {
            return Read(context);
        }

        RowCells? cells = context.Cells;
        if (cells?.IsOf(this) != true)
        {
            context.Cells = cells = new RowCells(this);
        }

        ColumnBuffer[]? columns = null;
        for (int i = 0; i < Output.Count; i++)
        {
            Value value = ValueOf(rows[0][i], context);
            if (!cells.TryPut(i, value))
            {
                columns ??= [.. cells.Row.Columns];
                columns[i] = ColumnBuffer.Constant(Output[i].Type, value, 1);
            }
        }

        return columns is null ? cells.Row : new RowBatch(columns, 1);
    }

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) =>
        new BufferedCursor([Read(context)]);

    private static Value ValueOf(Expression expression, ExecutionContext context) =>
        expression switch
        {
            ConstantExpression constant => constant.Value,
            ParameterExpression parameter => context.Parameters[parameter.Ordinal],
            _ => expression.Evaluate(OneRow, context).GetValue(0),
        };
}
