namespace NeuroDb.Query;

/// <summary>
/// The rows of VALUES in an INSERT: each value has been brought to the type of its column by
/// itself, so that one row does not decide the types of another.
/// </summary>
internal sealed class AssignedRows(IReadOnlyList<OutputColumn> output, Expression[][] rows)
    : PlanNode(output)
{
    // So many rows at most are in memory that is used again.
    private const int KeptRowCountMax = 1024;
    private static readonly RowBatch OneRow = new([], 1);

    /// <summary>Whether there is one row.</summary>
    public bool IsOne => rows.Length == 1;

    /// <inheritdoc/>
    public override string Describe() => $"Values: {rows.Length} rows";

    /// <summary>
    /// The parameters that give some columns of the one row; none if something else gives one.
    /// </summary>
    public int[] ParametersOf(int[] columns)
    {
        Invariant.Check(IsOne);
        int[] parameters = [.. columns.Select(column => ParameterOf(rows[0][column]))];
        return Array.Exists(parameters, static parameter => parameter < 0) ? [] : parameters;
    }

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

    /// <summary>The one row, for each of several sets of parameters.</summary>
    public RowBatch ReadMany(ExecutionContext context, IReadOnlyList<Value[]> sets)
    {
        Invariant.Check(IsOne);
        ExecutionContext[] contexts = [.. sets.Select(context.ForParameters)];
        ColumnBuilder[] columns =
            [.. Output.Select(column => ColumnBuilder.Create(column.Type, sets.Count))];

        // Row by row, so that what counts up is asked in the order of the rows.
        foreach (ExecutionContext one in contexts)
        {
            for (int i = 0; i < columns.Length; i++)
            {
                columns[i].Append(ValueOf(rows[0][i], one));
            }
        }

        return new RowBatch([.. columns.Select(static column => column.Build())], sets.Count);
    }

    /// <summary>
    /// All rows, for who copies what stays of them: a few lie in memory that the next statement of
    /// the session uses again.
    /// </summary>
    public RowBatch ReadToCopy(ExecutionContext context)
    {
        if (rows.Length > KeptRowCountMax)
        {
            return Read(context);
        }

        RowCells? cells = context.Cells;
        if (cells?.IsOf(this) != true)
        {
            context.Cells = cells = new RowCells(this, rows.Length);
        }

        ColumnBuffer[]? columns = null;
        for (int i = 0; i < Output.Count; i++)
        {
            if (Put(cells, i, context) is { } column)
            {
                columns ??= [.. cells.Rows.Columns];
                columns[i] = column;
            }
        }

        return columns is null ? cells.Rows : new RowBatch(columns, rows.Length);
    }

    // A column of its own where the cells do not hold all of its values; null where they do.
    private ColumnBuffer? Put(RowCells cells, int column, ExecutionContext context)
    {
        ColumnBuilder? builder = null;
        for (int row = 0; row < rows.Length; row++)
        {
            Value value = ValueOf(rows[row][column], context);
            if (builder is null && cells.TryPut(column, row, value))
            {
                continue;
            }

            if (builder is null)
            {
                builder = ColumnBuilder.Create(Output[column].Type, rows.Length);
                builder.AppendRows(cells.Rows.Columns[column], 0, row);
            }

            builder.Append(value);
        }

        return builder?.Build();
    }

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) =>
        new BufferedCursor([Read(context)]);

    private static int ParameterOf(Expression expression) => expression switch
    {
        ParameterExpression parameter => parameter.Ordinal,
        CastExpression cast => ParameterOf(cast.Children[0]),
        _ => -1,
    };

    private static Value ValueOf(Expression expression, ExecutionContext context) =>
        expression switch
        {
            ConstantExpression constant => constant.Value,
            ParameterExpression parameter => context.Parameters[parameter.Ordinal],
            _ => expression.Evaluate(OneRow, context).GetValue(0),
        };
}
