namespace NeuroDb.Query;

/// <summary>
/// Binds INSERT, UPDATE and DELETE of a view with INSTEAD OF triggers: a query over the view gives
/// the rows as they are and as they are to be, and the triggers do with them what they do.
/// </summary>
internal static class ViewChangeBinder
{
    /// <summary>
    /// The bound statement, or null if the name is no view with a trigger for the change.
    /// </summary>
    public static BoundStatement? TryBind(StatementSyntax syntax, Binder binder)
    {
        (NameSyntax name, TriggerEvent kind, IReadOnlyList<SelectItemSyntax> returning) =
            syntax switch
            {
                InsertStatementSyntax insert =>
                    (insert.Table, TriggerEvent.Insert, insert.Returning),
                UpdateStatementSyntax update =>
                    (update.Table, TriggerEvent.Update, update.Returning),
                DeleteStatementSyntax delete =>
                    (delete.Table, TriggerEvent.Delete, delete.Returning),
                _ => throw Invariant.Broken("a statement that changes rows"),
            };
        if (binder.Catalog.TryGetTable(name.Key, out _)
            || binder.FindView(name) is not { } view
            || TableRules.Of(binder.Catalog, view.Name) is not { } rules
            || !rules.Triggers(TriggerTiming.InsteadOf, kind).Any())
        {
            return null;
        }

        if (returning.Count > 0)
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                $"The triggers of the view {view.Name} say what is changed, so there is nothing "
                + "to be RETURNING.",
                syntax.Position);
        }

        if (syntax is UpdateStatementSyntax { Picked: not null }
            or DeleteStatementSyntax { Picked: not null })
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                $"ORDER BY and LIMIT pick rows of a table, and {view.Name} is a view; write WHERE "
                + "key IN (SELECT ..).",
                syntax.Position);
        }

        ColumnSchema[] columns = [.. ViewBinder.Bind(view, binder, name.Position).Output
            .Select(column => new ColumnSchema(column.Name, column.Type))];
        LogicalNode rows = syntax switch
        {
            InsertStatementSyntax insert => BindInsert(insert, columns, binder),
            UpdateStatementSyntax update => BindUpdate(update, columns, binder),
            _ => BindRows(
                ((DeleteStatementSyntax)syntax).With,
                name,
                ((DeleteStatementSyntax)syntax).Alias,
                ((DeleteStatementSyntax)syntax).Using,
                ((DeleteStatementSyntax)syntax).Where,
                [],
                binder),
        };
        return new BoundViewChange(
            view.Name, kind, columns, new Planner(binder.Identifiers).Plan(rows));
    }

    private static LogicalNode BindRows(
        IReadOnlyList<CommonTableSyntax> with,
        NameSyntax name,
        IdentifierSyntax? alias,
        IReadOnlyList<TableReferenceSyntax> further,
        ExpressionSyntax? where,
        IEnumerable<ExpressionSyntax> values,
        Binder binder)
    {
        SourcePosition position = name.Position;
        var own = new NameSyntax([alias ?? name.Parts[^1]]) { Position = position };
        var table = new NamedTableSyntax(name, alias, []) { Position = position };
        var select = new SelectSyntax(
            false,
            [
                new StarItemSyntax(own) { Position = position },
                .. values.Select(value => new ExpressionItemSyntax(value, null, "value")
                {
                    Position = value.Position,
                }),
            ],
            [table, .. further],
            where,
            [],
            null)
        {
            Position = position,
        };
        return binder.BindQuery(new QuerySyntax(with, select, [], null, null)
        {
            Position = position,
        });
    }

    private static LogicalNode BindUpdate(
        UpdateStatementSyntax update, ColumnSchema[] columns, Binder binder)
    {
        int[] places = [.. update.Assignments.Select(item => Place(item.Column, columns))];
        LogicalNode rows = BindRows(
            update.With,
            update.Table,
            update.Alias,
            update.From,
            update.Where,
            update.Assignments.Select(static item => item.Value is DefaultExpressionSyntax
                ? new LiteralExpressionSyntax(LiteralKind.Null, "") { Position = item.Position }
                : item.Value),
            binder);
        IEnumerable<ProjectedColumn> before = Enumerable.Range(0, columns.Length)
            .Select(i => Projected(Reference(rows.Output[i]), columns[i], binder));
        IEnumerable<ProjectedColumn> after = Enumerable.Range(0, columns.Length).Select(i =>
        {
            int at = Array.LastIndexOf(places, i);
            return Projected(
                at < 0
                    ? Reference(rows.Output[i])
                    : ExpressionFactory.Assign(
                        Reference(rows.Output[columns.Length + at]),
                        columns[i].Type,
                        update.Assignments[at].Position),
                columns[i],
                binder);
        });
        return new LogicalProject(rows, [.. before, .. after]);
    }

    private static LogicalProject BindInsert(
        InsertStatementSyntax insert, ColumnSchema[] columns, Binder binder)
    {
        if (insert.Source is not { } source)
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                "A view has no DEFAULT VALUES; give the values.",
                insert.Position);
        }

        binder.UseTables(insert.With);
        int[] places = insert.Columns.Count == 0
            ? [.. Enumerable.Range(0, columns.Length)]
            : [.. insert.Columns.Select(name => Place(name, columns))];
        LogicalNode rows = binder.BindQuery(source);
        if (rows.Output.Count != places.Length)
        {
            throw new NeuroStoreException(
                ErrorCode.WrongColumnCount,
                $"{places.Length} values are expected, {rows.Output.Count} are given.",
                source.Position);
        }

        return new LogicalProject(rows, [.. columns.Select((column, i) =>
        {
            int at = Array.IndexOf(places, i);
            return Projected(
                at < 0
                    ? new ConstantExpression(Value.Null, column.Type)
                    : Given(Reference(rows.Output[at]), column.Type, source),
                column,
                binder);
        })]);
    }

    // A text in VALUES is a literal, which takes the type of its column.
    private static Expression Given(
        ColumnExpression value, DataType type, QuerySyntax source) =>
        source.Body is ValuesSyntax && value.Type.Kind == TypeKind.Text
            ? ExpressionFactory.Cast(value, type, source.Position)
            : ExpressionFactory.Assign(value, type, source.Position);

    private static int Place(IdentifierSyntax name, ColumnSchema[] columns)
    {
        int place = Array.FindIndex(columns, column =>
            column.Name.Equals(name.Name, StringComparison.OrdinalIgnoreCase));
        return place >= 0
            ? place
            : throw new NeuroStoreException(
                ErrorCode.UnknownColumn,
                $"The view has no column {name.Name}."
                + NearMatch.Hint(name.Name, columns.Select(static column => column.Name)),
                name.Position);
    }

    private static ProjectedColumn Projected(
        Expression value, ColumnSchema column, Binder binder) =>
        new(value, binder.Identifiers.NewColumn(column.Name, column.Type));

    private static ColumnExpression Reference(OutputColumn column) =>
        new(column.Id, column.Name, column.Type);
}
