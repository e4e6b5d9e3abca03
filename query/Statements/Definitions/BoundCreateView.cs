using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>CREATE VIEW. The query is bound once to see that it has a meaning.</summary>
internal sealed class BoundCreateView(CreateViewStatementSyntax syntax)
    : BoundDefinition($"Create view {syntax.Name.Last}")
{
    /// <inheritdoc/>
    protected override void Execute(ExecutionContext context)
    {
        CatalogView catalog = context.Transaction.Catalog;
        string name = syntax.Name.Key;
        SchemaNames.Check(syntax.Name, catalog);
        bool isTemporary = syntax.IsTemporary || Binder.IsTemporary(syntax.Name);
        bool isView = catalog.TryGetObject(CatalogObjectKind.View, name, out CatalogObject known);
        bool isHidden = isTemporary && (isView || catalog.TryGetTable(name, out _))
            && !IsOwn(context.Transaction, name);
        if (!isHidden && (isView ? !syntax.OrReplace : catalog.TryGetTable(name, out _)))
        {
            if (syntax.IfNotExists)
            {
                context.Notices.Add($"The view {name} exists already; nothing was created.");
                return;
            }

            throw new NeuroStoreException(
                isView ? ErrorCode.ObjectExists : ErrorCode.TableExists,
                $"A {(isView ? "view" : "table")} {name} exists already. Choose another name"
                + (isView ? ", or write OR REPLACE." : "."),
                syntax.Name.Position);
        }

        var view = new CatalogObject(CatalogObjectKind.View, name, syntax.Text);
        CheckQuery(view, catalog);
        if (isTemporary)
        {
            context.Temporaries.Change(context.Transaction).PutObject(view);
        }
        else
        {
            context.Transaction.PutObject(view);
        }

        if (isView && !isHidden)
        {
            Dependencies.CheckViews(name, context, syntax.Name.Position);
        }

        _ = known;
    }

    private static bool IsOwn(StorageTransaction transaction, string name) =>
        transaction.Temporary is { } temporary
        && (temporary.Catalog.TryGetTable(name, out _)
            || temporary.Catalog.TryGetObject(CatalogObjectKind.View, name, out _));

    private void CheckQuery(CatalogObject view, CatalogView catalog)
    {
        if (syntax.ParameterCount > 0)
        {
            throw new NeuroStoreException(
                ErrorCode.MisplacedExpression,
                "A view may not use parameters; write the values.",
                syntax.Position);
        }

        var binder = new Binder(catalog, [], new NoticeList());
        binder.OpenViews.Add(view.Name);
        LogicalNode query = new QueryBinder(binder, QueryEnvironment.Empty).Bind(syntax.Query);
        query = FromBinder.Rename(query, syntax.Columns, syntax.Position);
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (OutputColumn column in query.Output)
        {
            if (syntax.Columns.Count > 0 && !names.Add(column.Name))
            {
                throw new NeuroStoreException(
                    ErrorCode.DuplicateName,
                    $"Two columns of the view {view.Name} have the name {column.Name}.",
                    syntax.Position);
            }
        }
    }
}
