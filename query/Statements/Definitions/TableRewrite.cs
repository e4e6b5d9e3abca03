using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Puts a table of another definition in the place of one, with the same rows: what is done where
/// keys or types change, which the rows in files depend on. A commit of somebody else in between
/// makes it fail.
/// </summary>
internal static class TableRewrite
{
    /// <summary>Writes the rows anew.</summary>
    /// <param name="table">The table.</param>
    /// <param name="schema">Its new definition.</param>
    /// <param name="values">
    /// The SQL text of new values by column; the column itself where there is none.
    /// </param>
    /// <param name="context">The execution.</param>
    public static TableEntry Run(
        TableEntry table,
        TableSchema schema,
        IReadOnlyDictionary<int, string> values,
        ExecutionContext context)
    {
        StorageTransaction transaction = context.Transaction;
        IndexSchema[] indexes =
            [.. transaction.Catalog.IndexesOf(table).Select(static index => index.Schema)];
        var binder = new Binder(transaction.Catalog, [], new NoticeList());
        PlanNode plan = Plan(table, schema, values, binder);
        bool isTemporary = transaction.IsTemporary(table);
        using BatchCursor rows = plan.Open(context);
        RowBatch? batch = rows.Next();
        transaction.DropTable(table);
        TableEntry made = isTemporary
            ? context.Temporaries.Change(transaction).CreateTable(schema)
            : transaction.CreateTable(schema);
        foreach (IndexSchema index in indexes)
        {
            transaction.CreateIndex(index with { TableId = made.Id });
        }

        var writer = new TableWriter(
            made, null, [], new Binder(transaction.Catalog, [], context.Notices));
        IReadOnlySet<int> changed = Enumerable.Range(0, schema.Columns.Count)
            .Where(i => values.ContainsKey(i) || i >= table.Schema.Columns.Count
                || schema.Columns[i].GeneratedSql != table.Schema.Columns[i].GeneratedSql)
            .ToHashSet();
        for (; batch is not null; batch = rows.Next())
        {
            context.ThrowIfCancelled();
            RowBatch complete = writer.Complete(
                IdentityFiller.Fill(batch, made, transaction), context, changed);
            writer.Check(complete, context);
            transaction.Insert(made, complete);
        }

        return made;
    }

    private static PlanNode Plan(
        TableEntry table,
        TableSchema schema,
        IReadOnlyDictionary<int, string> values,
        Binder binder)
    {
        LogicalScan scan = binder.Scan(table, null);
        Scope scope = binder.ScopeOf(scan);
        var columns = new ProjectedColumn[schema.Columns.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            ColumnSchema column = schema.Columns[i];
            Expression value;
            if (values.TryGetValue(i, out string? sql))
            {
                ExpressionSyntax syntax = SqlParser.ParseExpression(sql);
                value = ExpressionFactory.Cast(
                    binder.BindScalar(syntax, scope), column.Type, syntax.Position);
            }
            else if (i < scan.Output.Count && !column.IsHidden)
            {
                OutputColumn old = scan.Output[i];
                value = new ColumnExpression(old.Id, old.Name, old.Type);
            }
            else
            {
                value = new ConstantExpression(Value.Null, column.Type);
            }

            columns[i] = new ProjectedColumn(
                value, binder.Identifiers.NewColumn(column.Name, column.Type));
        }

        return new Planner(binder.Identifiers).Plan(new LogicalProject(scan, columns));
    }
}
