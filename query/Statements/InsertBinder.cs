using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Binds INSERT: which value goes into which column, and defaults for the others.
/// </summary>
internal static class InsertBinder
{
    /// <summary>The bound statement.</summary>
    public static BoundStatement Bind(InsertStatementSyntax syntax, Binder binder)
    {
        binder.UseTables(syntax.With);
        TableEntry table = binder.BindTable(syntax.Table);
        int[] targets = Targets(syntax.Columns, table.Schema);
        OutputColumn[] output = [.. table.Schema.Columns.Select(column =>
            binder.Identifiers.NewColumn(column.Name, column.Type))];
        var planner = new Planner(binder.Identifiers);
        PlanNode source = syntax.Source switch
        {
            null => new AssignedRows(output, [BindRow(null, targets, table, binder, planner)]),
            { Body: ValuesSyntax values, With.Count: 0, OrderBy.Count: 0 } query
                when query.Limit is null && query.Offset is null && !syntax.IsByName =>
                new AssignedRows(
                    output,
                    [.. values.Rows.Select(row => BindRow(
                        row, targets, table, binder, planner, syntax.IsOverriding))]),
            _ => BindQuery(syntax, targets, table, output, binder, planner),
        };
        var writer = new TableWriter(
            table,
            syntax.Alias ?? SchemaNames.AliasOf(syntax.Table),
            syntax.Returning,
            binder);
        IReadOnlyList<ConflictClause> clauses = new ConflictBinder(table, binder).Bind(syntax);
        return new BoundInsert(
            writer, source, clauses, syntax.Resolution == ConflictResolution.Ignore);
    }

    /// <summary>The default of a column as an expression of the column's type.</summary>
    public static Expression BindDefault(ColumnSchema column, Binder binder)
    {
        if (column.DefaultSql is null)
        {
            return new ConstantExpression(Value.Null, column.Type);
        }

        ExpressionSyntax syntax = SqlParser.ParseExpression(column.DefaultSql);
        return ExpressionFactory.Assign(
            binder.BindScalar(syntax, new Scope()), column.Type, syntax.Position);
    }

    private static PlanNode BindQuery(
        InsertStatementSyntax syntax,
        int[] targets,
        TableEntry table,
        OutputColumn[] output,
        Binder binder,
        Planner planner)
    {
        QuerySyntax source = syntax.Source!;
        LogicalNode query = binder.BindQuery(source);
        if (syntax.IsByName)
        {
            targets = Targets(
                [.. query.Output.Select(column => new IdentifierSyntax(column.Name, true)
                {
                    Position = source.Position,
                })],
                table.Schema);
        }

        foreach (int target in targets)
        {
            CheckGiven(
                table.Schema.Columns[target],
                syntax.IsOverriding,
                new LiteralExpressionSyntax(LiteralKind.Null, "") { Position = source.Position });
        }

        CheckCount(query.Output.Count, targets.Length, table.Schema, source.Position);
        var columns = new ProjectedColumn[output.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            int at = Array.IndexOf(targets, i);
            ColumnSchema column = table.Schema.Columns[i];
            Expression value = at < 0
                ? BindDefault(column, binder)
                : binder.OpenTypes.Assign(
                    Reference(query.Output[at]), table, i, source.Position);
            columns[i] = new ProjectedColumn(value, output[i]);
        }

        return planner.Plan(new LogicalProject(query, columns));
    }

    private static ColumnExpression Reference(OutputColumn column) =>
        new(column.Id, column.Name, column.Type);

    private static Expression[] BindRow(
        RowSyntax? row,
        int[] targets,
        TableEntry table,
        Binder binder,
        Planner planner,
        bool isOverriding = true)
    {
        Expression[] values = BindValues(
            row, targets, table, binder.NewScope(), binder, isOverriding);
        return [.. values.Select(value => planner.Resolve(value, []))];
    }

    /// <summary>The value of each column of a new row, over the names of a scope.</summary>
    public static Expression[] BindValues(
        RowSyntax? row,
        int[] targets,
        TableEntry table,
        Scope scope,
        Binder binder,
        bool isOverriding)
    {
        if (row is not null)
        {
            CheckCount(row.Values.Count, targets.Length, table.Schema, row.Position);
        }

        var values = new Expression[table.Schema.Columns.Count];
        for (int i = 0; i < values.Length; i++)
        {
            ColumnSchema column = table.Schema.Columns[i];
            int at = row is null ? -1 : Array.IndexOf(targets, i);
            ExpressionSyntax? syntax = at < 0 ? null : row!.Values[at];
            if (syntax is not null)
            {
                CheckGiven(column, isOverriding, syntax);
            }

            values[i] = syntax is null or DefaultExpressionSyntax
                ? BindDefault(column, binder)
                : binder.OpenTypes.Assign(
                    binder.BindScalar(syntax, scope), table, i, syntax.Position);
        }

        return values;
    }

    /// <summary>The columns that a statement without names gives.</summary>
    public static int[] Given(TableSchema schema) =>
    [
        .. ShownColumns.Of(schema).Where(i => schema.Columns[i].GeneratedSql is null),
    ];

    /// <summary>Raises an error if a statement gives a value that is generated.</summary>
    public static void CheckGiven(
        ColumnSchema column, bool isOverriding, ExpressionSyntax value)
    {
        if (value is DefaultExpressionSyntax
            || (column.GeneratedSql is null
                && (column.Identity != ColumnIdentity.Always || isOverriding)))
        {
            return;
        }

        throw new NeuroStoreException(
            ErrorCode.GeneratedColumn,
            $"The column {column.Name} is GENERATED ALWAYS and takes no value; leave it out or "
            + "write DEFAULT.",
            value.Position);
    }

    /// <summary>The places of the columns that an INSERT gives; of all if none are named.
    /// </summary>
    public static int[] Targets(IReadOnlyList<IdentifierSyntax> columns, TableSchema schema)
    {
        if (columns.Count == 0)
        {
            return Given(schema);
        }

        var targets = new int[columns.Count];
        for (int i = 0; i < targets.Length; i++)
        {
            targets[i] = SchemaLookup.Ordinal(schema, columns[i]);
            if (Array.IndexOf(targets, targets[i]) != i)
            {
                throw new NeuroStoreException(
                    ErrorCode.DuplicateName,
                    $"The column {columns[i].Name} is named twice.",
                    columns[i].Position);
            }
        }

        return targets;
    }

    private static void CheckCount(
        int values, int columns, TableSchema schema, SourcePosition position)
    {
        if (values != columns)
        {
            throw new NeuroStoreException(
                ErrorCode.WrongColumnCount,
                $"{values} values are given for {columns} columns of {schema.Name}.",
                position);
        }
    }
}
