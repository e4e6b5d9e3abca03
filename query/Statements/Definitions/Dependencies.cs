using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// What depends on a table, view or sequence: views whose query reads it, foreign keys that refer
/// to it, triggers on it, defaults that take numbers from it.
/// </summary>
internal static class Dependencies
{
    /// <summary>The views that read a table or view, also through other views.</summary>
    public static IReadOnlyList<CatalogObject> ViewsOver(string name, CatalogView catalog)
    {
        var found = new List<CatalogObject>();
        if (!catalog.Objects.Any(view => view.Kind == CatalogObjectKind.View
            && !IsNamed(view.Name, name) && SqlText.Mentions(view.Sql, name)))
        {
            return found;
        }

        foreach (CatalogObject view in catalog.Objects)
        {
            if (view.Kind == CatalogObjectKind.View
                && !string.Equals(view.Name, name, StringComparison.OrdinalIgnoreCase)
                && Uses(view, name, catalog))
            {
                found.Add(view);
            }
        }

        return found;
    }

    /// <summary>The tables with foreign keys that refer to a table, but for itself.</summary>
    public static IReadOnlyList<TableEntry> ReferencesTo(TableEntry table, CatalogView catalog) =>
        [.. catalog.Tables.Where(other => !ReferenceEquals(other, table)
            && other.Schema.ForeignKeys.Any(key => IsNamed(key.Table, table.Schema.Name)))];

    /// <summary>The triggers on a table or view.</summary>
    public static IReadOnlyList<CatalogObject> TriggersOn(string name, CatalogView catalog) =>
        [.. catalog.Objects.Where(value => value.Kind == CatalogObjectKind.Trigger
            && IsNamed(TriggerDefinition.Of(value).Table.Key, name))];

    /// <summary>Raises an error if a view over a table or view does not work any more.</summary>
    public static void CheckViews(string name, ExecutionContext context, SourcePosition position)
    {
        CatalogView catalog = context.Transaction.Catalog;
        foreach (CatalogObject view in catalog.Objects)
        {
            if (view.Kind != CatalogObjectKind.View || !SqlText.Mentions(view.Sql, name))
            {
                continue;
            }

            try
            {
                var binder = new Binder(catalog, [], new NoticeList());
                ViewBinder.Bind(view, binder, position);
            }
            catch (NeuroStoreException error)
            {
                throw Refused(
                    $"the view {view.Name} would not work any more: {error.Message.TrimEnd('.')}",
                    position);
            }
        }
    }

    /// <summary>
    /// Deals with the views that read what is to go: RESTRICT is an error, CASCADE drops them too;
    /// without a word they stay, as in SQLite, and a notice tells that they do not work.
    /// </summary>
    public static void ReleaseViews(
        string name,
        bool isCascade,
        bool isRestrict,
        ExecutionContext context,
        SourcePosition position)
    {
        IReadOnlyList<CatalogObject> views = ViewsOver(name, context.Transaction.Catalog);
        if (views.Count == 0)
        {
            return;
        }

        string names = Names("view", views.Select(static view => view.Name));
        if (isRestrict)
        {
            throw Refused($"{names} read {name}", position);
        }

        if (!isCascade)
        {
            context.Notices.Add(
                $"{name} was dropped, and {names} cannot be read until there is one again.");
            return;
        }

        foreach (CatalogObject view in views)
        {
            if (!context.Transaction.Catalog.Contains(view))
            {
                continue;
            }

            DropTriggers(view.Name, context);
            context.Transaction.DropObject(view);
            context.Notices.Add($"The view {view.Name} was dropped too.");
        }
    }

    /// <summary>Drops the triggers of what goes.</summary>
    public static void DropTriggers(string name, ExecutionContext context)
    {
        foreach (CatalogObject trigger in TriggersOn(name, context.Transaction.Catalog))
        {
            context.Transaction.DropObject(trigger);
        }
    }

    /// <summary>
    /// Raises an error if foreign keys refer to a table that is to go, or takes them away.
    /// </summary>
    public static void ReleaseReferences(
        TableEntry table,
        IReadOnlySet<string> dropped,
        bool isCascade,
        ExecutionContext context,
        SourcePosition position)
    {
        foreach (TableEntry other in ReferencesTo(table, context.Transaction.Catalog))
        {
            if (dropped.Contains(other.Schema.Name))
            {
                continue;
            }

            if (!isCascade)
            {
                throw Refused(
                    $"foreign keys of table {other.Schema.Name} refer to {table.Schema.Name}",
                    position);
            }

            context.Transaction.AlterTable(other, other.Schema with
            {
                ForeignKeys = [.. other.Schema.ForeignKeys.Where(
                    key => !IsNamed(key.Table, table.Schema.Name))],
            });
            context.Notices.Add($"Foreign keys of table {other.Schema.Name} were dropped too.");
        }
    }

    /// <summary>The error of what cannot go.</summary>
    public static NeuroStoreException Refused(string why, SourcePosition position) => new(
        ErrorCode.DependentObjects,
        $"This cannot be done: {why}. Drop that first, or write CASCADE.",
        position);

    /// <summary>Whether two names are one.</summary>
    public static bool IsNamed(string name, string other) =>
        string.Equals(name, other, StringComparison.OrdinalIgnoreCase);

    private static string Names(string kind, IEnumerable<string> names)
    {
        string[] all = [.. names.Order(StringComparer.OrdinalIgnoreCase)];
        return $"the {kind}{(all.Length > 1 ? "s" : string.Empty)} {string.Join(", ", all)}";
    }

    private static bool Uses(CatalogObject view, string name, CatalogView catalog)
    {
        var binder = new Binder(catalog, [], new NoticeList());
        try
        {
            ViewBinder.Bind(view, binder, default);
        }
        catch (NeuroStoreException)
        {
            // What is broken depends on nothing that is there.
            return false;
        }

        return binder.UsedNames.Contains(name);
    }
}
