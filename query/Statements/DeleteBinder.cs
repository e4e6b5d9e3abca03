namespace NeuroDb.Query;

/// <summary>Binds DELETE: the plan gives the old rows and, last, where they lie.</summary>
internal static class DeleteBinder
{
    /// <summary>The bound statement.</summary>
    public static BoundStatement Bind(DeleteStatementSyntax syntax, Binder binder)
    {
        NotYet.Refuse(
            syntax.Using.Count > 0 || syntax.With.Count > 0,
            "USING or WITH of DELETE",
            syntax.Position);
        RowTarget target = binder.BindTarget(syntax.Table, syntax.Alias, syntax.Where);
        bool returnsRows = syntax.Returning.Count > 0;
        OutputColumn address = target.Source.Output[^1];
        LogicalNode source = returnsRows
            ? target.Source
            : new LogicalProject(
                target.Source,
                [
                    new ProjectedColumn(
                        new ColumnExpression(address.Id, address.Name, address.Type),
                        binder.Identifiers.NewColumn(address.Name, address.Type)),
                ]);
        PlanNode plan = new Planner(binder.Identifiers).Plan(source);
        var writer = new TableWriter(target.Table, syntax.Alias, syntax.Returning, binder);
        return new BoundDelete(writer, plan);
    }
}
