namespace NeuroDb.Query;

/// <summary>Binds DELETE: the plan gives the old rows and, last, where they lie.</summary>
internal static class DeleteBinder
{
    /// <summary>The bound statement.</summary>
    public static BoundStatement Bind(DeleteStatementSyntax syntax, Binder binder)
    {
        binder.UseTables(syntax.With);
        RowTarget target =
            binder.BindTarget(
                syntax.Table, syntax.Alias, syntax.Using, syntax.Where, syntax.Picked);
        bool returnsRows = syntax.Returning.Count > 0;
        IEnumerable<OutputColumn> columns = returnsRows
            ? target.Scan.Output.SkipLast(1).Prepend(target.Address)
            : [target.Address];
        LogicalNode source = target.Once(
            [.. columns.Select(column => new ProjectedColumn(
                new ColumnExpression(column.Id, column.Name, column.Type),
                binder.Identifiers.NewColumn(column.Name, column.Type)))],
            binder.Identifiers);
        source = LogicalProject.Of(source, [.. source.Output.Skip(1), source.Output[0]]);
        PlanNode plan = new Planner(binder.Identifiers).Plan(source);
        var writer = new TableWriter(
            target.Table,
            syntax.Alias ?? SchemaNames.AliasOf(syntax.Table),
            syntax.Returning,
            binder);
        return new BoundDelete(writer, plan);
    }
}
