using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Binds COPY.</summary>
internal static class CopyBinder
{
    /// <summary>The bound statement.</summary>
    public static BoundStatement Bind(CopyStatementSyntax syntax, Binder binder)
    {
        // The options are checked when the path is known, and here as far as they can be.
        if (syntax.File is LiteralExpressionSyntax file)
        {
            CopyOptionReader.Read(syntax, file.Text);
        }

        if (!syntax.IsFrom)
        {
            LogicalNode query = binder.BindQuery(syntax.Query ?? QueryOf(syntax, binder));
            return new BoundCopyTo(syntax, new Planner(binder.Identifiers).Plan(query));
        }

        if (syntax.Table is null)
        {
            throw new NeuroStoreException(
                ErrorCode.SyntaxError,
                "COPY FROM fills a table; a query can only be copied TO a file.",
                syntax.Position);
        }

        TableEntry table = binder.BindTable(syntax.Table);
        ColumnSchema[] columns = Columns(table.Schema, syntax.Columns);
        foreach (ColumnSchema column in columns)
        {
            binder.OpenTypes.Expect(table, table.Schema.FindColumn(column.Name), DataType.Text);
        }

        return new BoundCopyFrom(syntax, table, columns);
    }

    /// <summary>
    /// SELECT of the table, or of some of its columns: by default of those that COPY FROM takes.
    /// </summary>
    private static QuerySyntax QueryOf(CopyStatementSyntax syntax, Binder binder)
    {
        Invariant.Check(syntax.Table is not null);
        IReadOnlyList<IdentifierSyntax> names = syntax.Columns;
        if (names.Count == 0
            && binder.Catalog.TryGetTable(syntax.Table.Key, out TableEntry table)
            && table.Schema.Columns.Any(static column => column.GeneratedSql is not null))
        {
            names = [.. InsertBinder.Given(table.Schema).Select(ordinal =>
                new IdentifierSyntax(table.Schema.Columns[ordinal].Name, true)
                {
                    Position = syntax.Table.Position,
                })];
        }

        SelectItemSyntax[] items = names.Count == 0
            ? [new StarItemSyntax(null)]
            : [.. names.Select(column => new ExpressionItemSyntax(
                new ColumnReferenceSyntax(new NameSyntax([column]) { Position = column.Position })
                {
                    Position = column.Position,
                },
                null,
                column.Name))];
        var select = new SelectSyntax(
            false,
            items,
            [new NamedTableSyntax(syntax.Table, null, []) { Position = syntax.Table.Position }],
            null,
            [],
            null);
        return new QuerySyntax([], select, [], null, null);
    }

    private static ColumnSchema[] Columns(
        TableSchema schema, IReadOnlyList<IdentifierSyntax> names)
    {
        if (names.Count == 0)
        {
            return [.. InsertBinder.Given(schema).Select(ordinal => schema.Columns[ordinal])];
        }

        var ordinals = new HashSet<int>();
        foreach (IdentifierSyntax name in names)
        {
            int ordinal = SchemaLookup.Ordinal(schema, name);
            InsertBinder.CheckGiven(
                schema.Columns[ordinal],
                isOverriding: true,
                new LiteralExpressionSyntax(LiteralKind.Null, "") { Position = name.Position });
            if (!ordinals.Add(ordinal))
            {
                throw new NeuroStoreException(
                    ErrorCode.DuplicateName, $"{name.Name} is named twice.", name.Position);
            }
        }

        return [.. names.Select(name => schema.Columns[SchemaLookup.Ordinal(schema, name)])];
    }
}
