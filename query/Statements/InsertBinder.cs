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
        int[] targets = Targets(syntax, table.Schema);
        OutputColumn[] output = [.. table.Schema.Columns.Select(column =>
            binder.Identifiers.NewColumn(column.Name, column.Type))];
        var planner = new Planner(binder.Identifiers);
        PlanNode source = syntax.Source switch
        {
            null => new AssignedRows(output, [BindRow(null, targets, table, binder, planner)]),
            { Body: ValuesSyntax values, With.Count: 0, OrderBy.Count: 0 } query
                when query.Limit is null && query.Offset is null =>
                new AssignedRows(
                    output,
                    [.. values.Rows.Select(row => BindRow(row, targets, table, binder, planner))]),
            _ => BindQuery(syntax.Source, targets, table, output, binder, planner),
        };
        var writer = new TableWriter(table, syntax.Alias, syntax.Returning, binder);
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
        QuerySyntax source,
        int[] targets,
        TableEntry table,
        OutputColumn[] output,
        Binder binder,
        Planner planner)
    {
        LogicalNode query = binder.BindQuery(source);
        CheckCount(query.Output.Count, targets.Length, table.Schema, source.Position);
        var columns = new ProjectedColumn[output.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            int at = Array.IndexOf(targets, i);
            ColumnSchema column = table.Schema.Columns[i];
            Expression value = at < 0
                ? BindDefault(column, binder)
                : ExpressionFactory.Assign(
                    Reference(query.Output[at]), column.Type, source.Position);
            columns[i] = new ProjectedColumn(value, output[i]);
        }

        return planner.Plan(new LogicalProject(query, columns));
    }

    private static ColumnExpression Reference(OutputColumn column) =>
        new(column.Id, column.Name, column.Type);

    private static Expression[] BindRow(
        RowSyntax? row, int[] targets, TableEntry table, Binder binder, Planner planner)
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
            Expression value = syntax is null or DefaultExpressionSyntax
                ? BindDefault(column, binder)
                : ExpressionFactory.Assign(
                    binder.BindScalar(syntax, binder.NewScope()), column.Type, syntax.Position);
            values[i] = planner.Resolve(value, []);
        }

        return values;
    }

    private static int[] Targets(InsertStatementSyntax syntax, TableSchema schema)
    {
        if (syntax.Columns.Count == 0)
        {
            return [.. Enumerable.Range(0, schema.Columns.Count)];
        }

        var targets = new int[syntax.Columns.Count];
        for (int i = 0; i < targets.Length; i++)
        {
            targets[i] = SchemaLookup.Ordinal(schema, syntax.Columns[i]);
            if (Array.IndexOf(targets, targets[i]) != i)
            {
                throw new NeuroStoreException(
                    ErrorCode.DuplicateName,
                    $"The column {syntax.Columns[i].Name} is named twice.",
                    syntax.Columns[i].Position);
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
