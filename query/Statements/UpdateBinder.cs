using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Binds UPDATE: the plan gives the new rows and, first, where the old ones lie.</summary>
internal static class UpdateBinder
{
    /// <summary>The bound statement.</summary>
    public static BoundStatement Bind(UpdateStatementSyntax syntax, Binder binder)
    {
        binder.UseTables(syntax.With);
        RowTarget target =
            binder.BindTarget(
                syntax.Table, syntax.Alias, syntax.From, syntax.Where, syntax.Picked);
        TableSchema schema = target.Table.Schema;
        Expression?[] changed =
            BindAssignments(syntax.Assignments, target.Table, target.Scope, binder);
        IReadOnlyList<OutputColumn> source = target.Scan.Output;
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
            .Plan(target.Once(columns, binder.Identifiers));
        var writer = new TableWriter(
            target.Table,
            syntax.Alias ?? SchemaNames.AliasOf(syntax.Table),
            syntax.Returning,
            binder);
        return new BoundUpdate(
            writer, plan, writer.ChangedWith(OrdinalsOf(changed)), syntax.Resolution);
    }

    /// <summary>The new value of each column; null for those that stay.</summary>
    public static Expression?[] BindAssignments(
        IReadOnlyList<AssignmentSyntax> assignments,
        TableEntry table,
        Scope scope,
        Binder binder)
    {
        TableSchema schema = table.Schema;
        var changed = new Expression?[schema.Columns.Count];
        foreach (AssignmentSyntax assignment in assignments)
        {
            int ordinal = SchemaLookup.Ordinal(schema, assignment.Column);
            ColumnSchema column = schema.Columns[ordinal];
            if (changed[ordinal] is not null)
            {
                binder.Notices.Add(
                    $"The column {column.Name} is set more than once: the last value is taken.");
            }

            InsertBinder.CheckGiven(column, false, assignment.Value);
            changed[ordinal] = assignment.Value is DefaultExpressionSyntax
                ? InsertBinder.BindDefault(column, binder)
                : binder.OpenTypes.Assign(
                    binder.BindScalar(assignment.Value, scope),
                    table,
                    ordinal,
                    assignment.Value.Position);
        }

        return changed;
    }

    /// <summary>The places of the columns that assignments change.</summary>
    public static IEnumerable<int> OrdinalsOf(IReadOnlyList<Expression?> changed) =>
        Enumerable.Range(0, changed.Count).Where(i => changed[i] is not null);

    private static ProjectedColumn Same(OutputColumn column, Binder binder) => new(
        new ColumnExpression(column.Id, column.Name, column.Type),
        binder.Identifiers.NewColumn(column.Name, column.Type));
}
