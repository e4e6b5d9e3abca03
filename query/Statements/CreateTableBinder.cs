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
        foreach (OutputColumn column in query.Output)
        {
            DataType type = StoredType(column.Type);
            columns.Add(new ColumnSchema(column.Name, type));
            projected.Add(new ProjectedColumn(
                ExpressionFactory.Cast(
                    new ColumnExpression(column.Id, column.Name, column.Type),
                    type,
                    syntax.Position),
                binder.Identifiers.NewColumn(column.Name, type)));
        }

        SchemaBuilder.CheckNames(columns, syntax.Position);
        var schema = new TableSchema { Name = syntax.Name.Last, Columns = columns };
        PlanNode plan = new Planner(binder.Identifiers).Plan(new LogicalProject(query, projected));
        return new BoundCreateTable(syntax, schema, [], plan);
    }

    /// <summary>Scores and distances are stored as numbers, a bare NULL as text.</summary>
    private static DataType StoredType(DataType type) => type.Kind switch
    {
        TypeKind.Score or TypeKind.Distance => DataType.Double,
        TypeKind.Null => DataType.Text,
        _ => type,
    };
}
