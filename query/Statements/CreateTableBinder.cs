namespace NeuroDb.Query;

/// <summary>Binds CREATE TABLE, with columns or AS SELECT.</summary>
internal static class CreateTableBinder
{
    /// <summary>The bound statement.</summary>
    public static BoundStatement Bind(CreateTableStatementSyntax syntax, Binder binder)
    {
        HiddenTables.CheckName(syntax.Name.Key, syntax.Name.Position);
        SchemaNames.Check(syntax.Name, binder.Catalog);
        foreach (string option in syntax.IgnoredOptions)
        {
            binder.Notices.Add($"The table option {option} means nothing here and was ignored.");
        }

        syntax = LikeTables.Resolve(syntax, binder);
        if (syntax.Query is null)
        {
            TableSchema plain = SchemaBuilder.Build(syntax, binder, out var sequences);
            return new BoundCreateTable(syntax, plain, sequences, null);
        }

        LogicalNode query = binder.BindQuery(syntax.Query);
        if (syntax.Constraints.Count > 0 || syntax.Columns.Any(static column =>
            column.Type is not null || column.Constraints.Count > 0))
        {
            return BindTyped(syntax, query, binder);
        }

        var columns = new List<ColumnSchema>(query.Output.Count);
        var projected = new List<ProjectedColumn>(query.Output.Count);
        IReadOnlyList<string> names = NamesOf(syntax, query.Output);
        foreach ((OutputColumn column, string name) in query.Output.Zip(names))
        {
            DataType type = StoredType(column.Type);
            columns.Add(new ColumnSchema(name, type));
            projected.Add(new ProjectedColumn(
                ExpressionFactory.Cast(
                    new ColumnExpression(column.Id, column.Name, column.Type),
                    type,
                    syntax.Position),
                binder.Identifiers.NewColumn(name, type)));
        }

        SchemaBuilder.CheckNames(columns, syntax.Position);
        var schema = new TableSchema { Name = syntax.Name.Key, Columns = columns };
        PlanNode plan = new Planner(binder.Identifiers).Plan(new LogicalProject(query, projected));
        return new BoundCreateTable(syntax, schema, [], syntax.IsWithoutRows ? null : plan);
    }

    // CREATE TABLE t (a INTEGER, b TEXT DEFAULT 'x') AS ..: a table as without AS, whose rows are
    // the query's, cast to its types.
    private static BoundCreateTable BindTyped(
        CreateTableStatementSyntax syntax, LogicalNode query, Binder binder)
    {
        IReadOnlyList<OutputColumn> given = query.Output;
        TableSchema schema = SchemaBuilder.Build(
            syntax with
            {
                Columns = [.. syntax.Columns.Select((column, i) =>
                    column.Type is null && i < given.Count
                    && !column.Constraints.Any(static one => one is GeneratedConstraintSyntax)
                        ? column with
                        {
                            Type = GeneratedTypes.Written(given[i].Type, column.Position),
                        }
                        : column)],
            },
            binder,
            out IReadOnlyList<NewSequence> sequences);
        int[] targets = InsertBinder.Given(schema);
        if (targets.Length != given.Count)
        {
            throw new NeuroStoreException(
                ErrorCode.WrongColumnCount,
                $"The query gives {given.Count} columns for {targets.Length} columns of "
                + $"{schema.Name}.",
                syntax.Position);
        }

        var columns = new ProjectedColumn[schema.Columns.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            ColumnSchema column = schema.Columns[i];
            int at = Array.IndexOf(targets, i);
            columns[i] = new ProjectedColumn(
                at < 0
                    ? new ConstantExpression(Value.Null, column.Type)
                    : ExpressionFactory.Cast(
                        new ColumnExpression(given[at].Id, given[at].Name, given[at].Type),
                        column.Type,
                        syntax.Position),
                binder.Identifiers.NewColumn(column.Name, column.Type));
        }

        PlanNode plan = new Planner(binder.Identifiers).Plan(new LogicalProject(query, columns));
        return new BoundCreateTable(
            syntax, schema, sequences, syntax.IsWithoutRows ? null : plan);
    }

    // CREATE TABLE t (a, b) AS ..: names for the first columns of the query.
    private static IReadOnlyList<string> NamesOf(
        CreateTableStatementSyntax syntax, IReadOnlyList<OutputColumn> output)
    {
        if (syntax.Columns.Count > output.Count)
        {
            throw new NeuroStoreException(
                ErrorCode.WrongColumnCount,
                $"Before AS stand names for the {output.Count} columns of the query.",
                syntax.Position);
        }

        return [.. output.Select((column, i) =>
            i < syntax.Columns.Count ? syntax.Columns[i].Name.Name : column.Name)];
    }

    /// <summary>Scores and distances are stored as numbers, a bare NULL as text.</summary>
    private static DataType StoredType(DataType type) => type.Kind switch
    {
        TypeKind.Score or TypeKind.Distance => DataType.Double,
        TypeKind.Null => DataType.Text,
        _ => type.Typed,
    };
}
