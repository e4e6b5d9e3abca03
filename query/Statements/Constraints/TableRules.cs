using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// What changes of a table's rows set off: foreign keys from it and to it, and its triggers. Made
/// once for a catalog.
/// </summary>
internal sealed class TableRules
{
    private readonly List<TriggerRule> _triggers = [];
    private readonly List<(TableEntry Child, ForeignKeySchema Key)> _incoming = [];

    // The columns that each foreign key to the table refers to; a lost race only makes them again.
    private int[][]? _referenced;

    private TableRules(TableEntry? table) => Table = table;

    /// <summary>The table, or null for a view.</summary>
    public TableEntry? Table { get; }

    /// <summary>The foreign keys of the table.</summary>
    public IReadOnlyList<ForeignKeySchema> Outgoing => Table?.Schema.ForeignKeys ?? [];

    /// <summary>The foreign keys that refer to the table, with the tables that have them.</summary>
    public IReadOnlyList<(TableEntry Child, ForeignKeySchema Key)> Incoming => _incoming;

    /// <summary>Whether the table has triggers.</summary>
    public bool HasTriggers => _triggers.Count > 0;

    /// <summary>Whether a row that goes or changes sets something off.</summary>
    public bool NeedsOldRows => _incoming.Count > 0 || _triggers.Count > 0;

    /// <summary>The rules of a table or view; null if nothing is set off.</summary>
    public static TableRules? Of(CatalogView catalog, string name)
    {
        var all = (Dictionary<string, TableRules>)(catalog.Derived ??= Collect(catalog));
        return all.Count == 0 ? null : all.GetValueOrDefault(name);
    }

    /// <summary>The triggers of a moment and a change, in the order of their names.</summary>
    public IEnumerable<TriggerRule> Triggers(TriggerTiming timing, TriggerEvent kind) =>
        _triggers.Where(rule =>
            rule.Definition.Timing == timing && rule.Definition.Event == kind);

    /// <summary>
    /// Whether an update that changes some columns sets anything off: a trigger, or, where they
    /// are enforced, a foreign key of which one of these columns is a part.
    /// </summary>
    /// <param name="changed">The places of the columns; null for all.</param>
    /// <param name="context">The execution, of the catalog that the rules were made for.</param>
    public bool IsSetOffBy(IReadOnlySet<int>? changed, ExecutionContext context)
    {
        if (_triggers.Exists(static rule => rule.Definition.Event == TriggerEvent.Update))
        {
            return true;
        }

        if (!context.EnforcesForeignKeys)
        {
            return false;
        }

        _referenced ??= [.. _incoming.Select(
            one => ParentKey.Of(one.Key, context.Transaction.Catalog, default).Ordinals)];
        return Outgoing.Any(key => KeyCheck.IsIn(changed, key.Ordinals))
            || Array.Exists(_referenced, ordinals => KeyCheck.IsIn(changed, ordinals));
    }

    private static Dictionary<string, TableRules> Collect(CatalogView catalog)
    {
        var all = new Dictionary<string, TableRules>(StringComparer.OrdinalIgnoreCase);
        TableRules At(string name)
        {
            if (!all.TryGetValue(name, out TableRules? rules))
            {
                _ = catalog.TryGetTable(name, out TableEntry table);
                all.Add(name, rules = new TableRules(table));
            }

            return rules;
        }

        foreach (TableEntry table in catalog.Tables)
        {
            foreach (ForeignKeySchema key in table.Schema.ForeignKeys)
            {
                _ = At(table.Schema.Name);
                At(key.Table)._incoming.Add((table, key));
            }
        }

        foreach (CatalogObject value in catalog.Objects
            .Where(static value => value.Kind == CatalogObjectKind.Trigger)
            .OrderBy(static value => value.Name, StringComparer.OrdinalIgnoreCase))
        {
            CreateTriggerStatementSyntax definition = TriggerDefinition.Of(value);
            At(definition.Table.Key)._triggers.Add(new TriggerRule(value.Name, definition));
        }

        return all;
    }
}
