namespace NeuroDb.Query;

/// <summary>Binds CREATE TABLE, with columns or AS SELECT.</summary>
internal static class CreateTableBinder
{
    /// <summary>The bound statement.</summary>
    public static BoundStatement Bind(CreateTableStatementSyntax syntax, Binder binder)
    {
        HiddenTables.CheckName(syntax.Name.Last, syntax.Name.Position);
        foreach (string option in syntax.IgnoredOptions)
        {
            binder.Notices.Add($"The table option {option} means nothing here and was ignored.");
        }

        if (syntax.Query is null)
        {
            TableSchema plain = SchemaBuilder.Build(syntax, binder, out var sequences);
            return new BoundCreateTable(syntax, plain, sequences, null);
        }

        LogicalNode query = binder.BindQuery(syntax.Query);
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
        var schema = new TableSchema { Name = syntax.Name.Last, Columns = columns };
        PlanNode plan = new Planner(binder.Identifiers).Plan(new LogicalProject(query, projected));
        return new BoundCreateTable(syntax, schema, [], syntax.IsWithoutRows ? null : plan);
    }

    // CREATE TABLE t (a, b) AS ..: names for the first columns of the query.
    private static IReadOnlyList<string> NamesOf(
        CreateTableStatementSyntax syntax, IReadOnlyList<OutputColumn> output)
    {
        if (syntax.Columns.FirstOrDefault(column =>
            column.Type is not null || column.Constraints.Count > 0) is { } typed)
        {
            throw new NeuroStoreException(
                ErrorCode.SyntaxError,
                $"The query gives the type of {typed.Name.Name}; before AS stand names only.",
                typed.Position);
        }

        if (syntax.Constraints.Count > 0 || syntax.Columns.Count > output.Count)
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
