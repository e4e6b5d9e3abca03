namespace NeuroDb.Query;

/// <summary>Binds UPDATE: the plan gives the new rows and, first, where the old ones lie.</summary>
internal static class UpdateBinder
{
    /// <summary>The bound statement.</summary>
    public static BoundStatement Bind(UpdateStatementSyntax syntax, Binder binder)
    {
        NotYet.Refuse(
            syntax.Resolution != ConflictResolution.Fail || syntax.From.Count > 0
            || syntax.With.Count > 0,
            "OR, FROM or WITH of UPDATE",
            syntax.Position);
        RowTarget target = binder.BindTarget(syntax.Table, syntax.Alias, syntax.Where);
        TableSchema schema = target.Table.Schema;
        Expression?[] changed = BindAssignments(syntax, target, binder);
        IReadOnlyList<OutputColumn> source = target.Source.Output;
        var columns = new List<ProjectedColumn>(schema.Columns.Count + 1)
        {
            Same(source[^1], binder),
        };
        for (int i = 0; i < schema.Columns.Count; i++)
        {
            columns.Add(changed[i] is Expression value
                ? new ProjectedColumn(
                    value,
                    binder.Identifiers.NewColumn(schema.Columns[i].Name, schema.Columns[i].Type))
                : Same(source[i], binder));
        }

        PlanNode plan = new Planner(binder.Identifiers)
            .Plan(new LogicalProject(target.Source, columns));
        var writer = new TableWriter(target.Table, syntax.Alias, syntax.Returning, binder);
        return new BoundUpdate(writer, plan);
    }

    private static Expression?[] BindAssignments(
        UpdateStatementSyntax syntax, RowTarget target, Binder binder)
    {
        TableSchema schema = target.Table.Schema;
        var changed = new Expression?[schema.Columns.Count];
        foreach (AssignmentSyntax assignment in syntax.Assignments)
        {
            int ordinal = SchemaLookup.Ordinal(schema, assignment.Column);
            ColumnSchema column = schema.Columns[ordinal];
            if (changed[ordinal] is not null)
            {
                throw new NeuroStoreException(
                    ErrorCode.DuplicateName,
                    $"The column {column.Name} is set twice.",
                    assignment.Position);
            }

            changed[ordinal] = assignment.Value is DefaultExpressionSyntax
                ? InsertBinder.BindDefault(column, binder)
                : ExpressionFactory.Assign(
                    binder.BindScalar(assignment.Value, target.Scope),
                    column.Type,
                    assignment.Value.Position);
        }

        return changed;
    }

    private static ProjectedColumn Same(OutputColumn column, Binder binder) => new(
        new ColumnExpression(column.Id, column.Name, column.Type),
        binder.Identifiers.NewColumn(column.Name, column.Type));
}
