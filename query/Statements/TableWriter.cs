using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// What every row has to pass before it is stored in a table, and what RETURNING gives of it.
/// Made when a statement is bound; the rows come as full batches in the order of the schema.
/// </summary>
internal sealed class TableWriter
{
    private readonly (string Name, Expression Condition)[] _checks;
    private readonly Expression[] _returning;
    private readonly GeneratedValue[] _generated;

    /// <summary>Prepares the checks of a table and the items of RETURNING.</summary>
    public TableWriter(
        TableEntry table,
        IdentifierSyntax? alias,
        IReadOnlyList<SelectItemSyntax> returning,
        Binder binder)
    {
        Table = table;
        LogicalScan row = binder.Scan(table, alias?.Name);
        Scope scope = binder.ScopeOf(row);
        var planner = new Planner(binder.Identifiers);
        _checks = [.. table.Schema.Checks.Select(check => (
            check.Name,
            planner.Resolve(
                binder.BindCondition(SqlParser.ParseExpression(check.Sql), scope),
                row.Output)))];
        _generated = GeneratedValue.AllOf(table.Schema, row, scope, binder, planner);
        IReadOnlyList<ProjectedColumn> items =
            returning.Count == 0 ? [] : binder.BindItems(returning, scope);
        _returning = [.. items.Select(item => planner.Resolve(item.Expression, row.Output))];
        Returned = [.. items.Select(item => item.Column)];
    }

    /// <summary>The table.</summary>
    public TableEntry Table { get; }

    /// <summary>Whether rows are asked for values: for checks or generated columns.</summary>
    public bool Computes => _checks.Length > 0 || _generated.Length > 0;

    /// <summary>The columns of RETURNING; empty without it.</summary>
    public OutputColumn[] Returned { get; }

    /// <summary>
    /// The value of a generated column, over the names of its table; it has the column's type.
    /// </summary>
    public static Expression BindGenerated(ColumnSchema column, Binder binder, Scope scope)
    {
        ExpressionSyntax syntax = SqlParser.ParseExpression(column.GeneratedSql!);
        return ExpressionFactory.Assign(
            binder.BindScalar(syntax, scope), column.Type, syntax.Position);
    }

    /// <summary>
    /// The places of the columns that change with some of them: these and what is generated of
    /// them.
    /// </summary>
    public IReadOnlySet<int> ChangedWith(IEnumerable<int> assigned)
    {
        var changed = assigned.ToHashSet();
        foreach (GeneratedValue value in _generated)
        {
            if (changed.Contains(value.Ordinal) || Array.Exists(value.Reads, changed.Contains))
            {
                changed.Add(value.Ordinal);
                changed.Add(value.Note);
            }
        }

        return changed;
    }

    /// <summary>The rows with their generated columns, each computed for all rows at once.
    /// </summary>
    /// <param name="rows">The rows.</param>
    /// <param name="context">The execution.</param>
    /// <param name="changed">
    /// The places of the columns that change; what is generated of others stays. Null for new rows.
    /// </param>
    public RowBatch Complete(
        RowBatch rows, ExecutionContext context, IReadOnlySet<int>? changed = null)
    {
        if (_generated.Length == 0)
        {
            return rows;
        }

        ColumnBuffer[] columns = [.. rows.Columns];
        foreach (GeneratedValue value in _generated)
        {
            value.Complete(columns, rows, changed, context);
        }

        return new RowBatch(columns, rows.Count);
    }

    /// <summary>Raises a <see cref="ConstraintException"/> if a row may not be stored.</summary>
    public void Check(RowBatch rows, ExecutionContext context)
    {
        IReadOnlyList<ColumnSchema> columns = Table.Schema.Columns;
        Invariant.Check(rows.Columns.Length == columns.Count);
        for (int i = 0; i < columns.Count; i++)
        {
            if (!columns[i].IsNullable && rows.Columns[i].Nulls.MayHaveNulls)
            {
                CheckNotNull(rows.Columns[i], columns[i]);
            }
        }

        foreach ((string name, Expression condition) in _checks)
        {
            CheckCondition(rows, name, condition, context);
        }
    }

    /// <summary>The rows that may be stored; the others are left out.</summary>
    public RowBatch Valid(RowBatch rows, ExecutionContext context)
    {
        IReadOnlyList<ColumnSchema> columns = Table.Schema.Columns;
        var isValid = new bool[rows.Count];
        isValid.AsSpan().Fill(true);
        for (int i = 0; i < columns.Count; i++)
        {
            for (int row = 0; row < isValid.Length && !columns[i].IsNullable; row++)
            {
                isValid[row] &= !rows.Columns[i].IsNull(row);
            }
        }

        foreach ((_, Expression condition) in _checks)
        {
            var passed = (ColumnBuffer<long>)condition.Evaluate(rows, context);
            for (int row = 0; row < isValid.Length; row++)
            {
                isValid[row] &= passed.IsNull(row) || passed.Values[row] != 0;
            }
        }

        int[] kept = [.. Enumerable.Range(0, rows.Count).Where(row => isValid[row])];
        return kept.Length == rows.Count ? rows : rows.Gather(kept);
    }

    /// <summary>The result of a change: the rows of RETURNING, if it is asked for.</summary>
    public StatementResult Result(RowBatch? rows, long count, ExecutionContext context)
    {
        if (_returning.Length == 0 || rows is null)
        {
            return count == 1 && Returned.Length == 0
                ? StatementResult.OneChange
                : new StatementResult(Returned, count);
        }

        ColumnBuffer[] columns = Array.ConvertAll(_returning, ReturnedOf(rows, context));
        return new StatementResult(
            Returned, count, new BufferedCursor([new RowBatch(columns, rows.Count)]));
    }

    // What it holds is made only where it is asked for.
    private static Converter<Expression, ColumnBuffer> ReturnedOf(
        RowBatch rows, ExecutionContext context) =>
        expression => expression.Evaluate(rows, context);

    private void CheckNotNull(ColumnBuffer values, ColumnSchema column)
    {
        for (int row = 0; row < values.Count; row++)
        {
            if (values.IsNull(row))
            {
                throw new ConstraintException(
                    ErrorCode.NotNullViolation,
                    $"The column {Table.Schema.Name}.{column.Name} is NOT NULL, but row {row + 1} "
                    + "of the statement has no value for it. Nothing was stored.");
            }
        }
    }

    private void CheckCondition(
        RowBatch rows, string name, Expression condition, ExecutionContext context)
    {
        var passed = (ColumnBuffer<long>)condition.Evaluate(rows, context);
        ReadOnlySpan<long> values = passed.Values;
        for (int row = 0; row < values.Length; row++)
        {
            if (values[row] == 0 && !passed.IsNull(row))
            {
                throw new ConstraintException(
                    ErrorCode.CheckViolation,
                    $"Row {row + 1} of the statement fails the check '{name}' of table "
                    + $"{Table.Schema.Name}: {condition}. Nothing was stored.");
            }
        }
    }
}
