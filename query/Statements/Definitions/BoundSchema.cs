using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>CREATE SCHEMA and DROP SCHEMA.</summary>
internal sealed class BoundSchema(SchemaStatementSyntax syntax)
    : BoundDefinition($"{(syntax.IsDrop ? "Drop" : "Create")} schema "
        + string.Join(", ", syntax.Names.Select(static name => name.Text)))
{
    /// <inheritdoc/>
    protected override void Execute(ExecutionContext context)
    {
        foreach (NameSyntax name in syntax.Names)
        {
            if (syntax.IsDrop)
            {
                Drop(name, context);
            }
            else
            {
                Create(name, context);
            }
        }
    }

    private void Create(NameSyntax name, ExecutionContext context)
    {
        CatalogView catalog = context.Transaction.Catalog;
        if (SchemaNames.IsReserved(name.Last)
            || catalog.TryGetObject(CatalogObjectKind.Schema, name.Last, out _))
        {
            if (syntax.IsConditional)
            {
                context.Notices.Add(
                    $"The schema {name.Last} exists already; nothing was created.");
                return;
            }

            throw new NeuroStoreException(
                ErrorCode.ObjectExists,
                $"A schema {name.Last} exists already. Choose another name, or write IF NOT "
                + "EXISTS.",
                name.Position);
        }

        if (KeysIn(name.Last, catalog).FirstOrDefault() is { } taken)
        {
            throw new NeuroStoreException(
                ErrorCode.ObjectExists,
                $"The name of {taken} has a point, so that it would seem to be in a schema "
                + $"{name.Last}; choose another name.",
                name.Position);
        }

        context.Transaction.PutObject(
            new CatalogObject(CatalogObjectKind.Schema, name.Last, syntax.Text));
    }

    private void Drop(NameSyntax name, ExecutionContext context)
    {
        CatalogView catalog = context.Transaction.Catalog;
        if (SchemaNames.IsReserved(name.Last))
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                $"The schema {name.Last} is always there and cannot be dropped.",
                name.Position);
        }

        if (!catalog.TryGetObject(CatalogObjectKind.Schema, name.Last, out CatalogObject schema))
        {
            if (!syntax.IsConditional)
            {
                throw new NeuroStoreException(
                    ErrorCode.UnknownObject, $"There is no schema {name.Text}.", name.Position);
            }

            context.Notices.Add($"There is no schema {name.Text}; nothing was dropped.");
            return;
        }

        IReadOnlyList<string> keys = [.. KeysIn(schema.Name, catalog)];
        if (keys.Count > 0 && !syntax.IsCascade)
        {
            throw Dependencies.Refused(
                $"{keys[0]} is in the schema {schema.Name}", name.Position);
        }

        DropAll(schema.Name, context, name.Position);
        context.Transaction.DropObject(schema);
    }

    private static IEnumerable<string> KeysIn(string schema, CatalogView catalog)
    {
        bool IsIn(string key) => key.Length > schema.Length && key[schema.Length] == '.'
            && key.StartsWith(schema, StringComparison.OrdinalIgnoreCase);
        return catalog.Tables.Select(static table => table.Schema.Name)
            .Concat(catalog.Objects
                .Where(static value => value.Kind != CatalogObjectKind.Schema)
                .Select(static value => value.Name))
            .Where(IsIn)
            .Order(StringComparer.OrdinalIgnoreCase);
    }

    // What one drop takes along, the next one does not find any more.
    private static void DropAll(
        string schema, ExecutionContext context, SourcePosition position)
    {
        foreach (CatalogObjectKind kind in (CatalogObjectKind[])
            [CatalogObjectKind.View, CatalogObjectKind.Trigger, CatalogObjectKind.Function])
        {
            Run(kind, schema, context, position);
        }

        NameSyntax[] tables =
        [
            .. KeysIn(schema, context.Transaction.Catalog)
                .Where(key => context.Transaction.Catalog.TryGetTable(key, out TableEntry table)
                    && !HiddenTables.Contains(table))
                .Select(key => NameOf(key, position)),
        ];
        if (tables.Length > 0)
        {
            var binder = new Binder(context.Transaction.Catalog, [], context.Notices);
            new BoundDropTable(
                new DropTableStatementSyntax(tables, false, true), binder).Run(context);
        }

        Run(CatalogObjectKind.Sequence, schema, context, position);
    }

    private static void Run(
        CatalogObjectKind kind,
        string schema,
        ExecutionContext context,
        SourcePosition position)
    {
        CatalogView catalog = context.Transaction.Catalog;
        NameSyntax[] names =
        [
            .. KeysIn(schema, catalog)
                .Where(key => catalog.TryGetObject(kind, key, out _))
                .Select(key => NameOf(key, position)),
        ];
        if (names.Length > 0)
        {
            new BoundDropObject(new DropObjectStatementSyntax(kind, names, true, true))
                .Run(context);
        }
    }

    private static NameSyntax NameOf(string key, SourcePosition position) =>
        new([new IdentifierSyntax(key, true) { Position = position }]) { Position = position };
}
