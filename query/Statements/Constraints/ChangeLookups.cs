using System.Globalization;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The EXPLAIN lines of what changes of a table look up beside their own rows: each line is one
/// look-up of all keys of a piece of the change together. Measured, with the keys and what was
/// found.
/// </summary>
internal sealed class ChangeLookups
{
    private readonly ExecutionContext _context;
    private readonly CatalogView _catalog;
    private readonly List<string> _lines = [];
    private readonly HashSet<TableEntry> _shown = [];

    private ChangeLookups(ExecutionContext context)
    {
        _context = context;
        _catalog = context.Transaction.Catalog;
    }

    /// <summary>Of new rows.</summary>
    /// <param name="table">Their table.</param>
    /// <param name="clauses">What is done with rows whose key is there.</param>
    /// <param name="context">The execution, perhaps measured.</param>
    public static IReadOnlyList<string> OfInsert(
        TableEntry table, IReadOnlyList<ConflictClause> clauses, ExecutionContext context)
    {
        var lookups = new ChangeLookups(context);
        foreach (ConflictClause clause in clauses)
        {
            lookups.AddConflicts(table, clause);
        }

        lookups.AddUnique(table, null);
        lookups.AddReferenced(table, null);
        return lookups._lines;
    }

    /// <summary>Of changed rows.</summary>
    /// <param name="table">Their table.</param>
    /// <param name="changed">The places of the columns that change.</param>
    /// <param name="context">The execution, perhaps measured.</param>
    public static IReadOnlyList<string> OfUpdate(
        TableEntry table, IReadOnlySet<int> changed, ExecutionContext context)
    {
        var lookups = new ChangeLookups(context);
        lookups.AddUnique(table, changed);
        lookups.AddReferenced(table, changed);
        lookups.AddReferencing(table, changed, 0);
        return lookups._lines;
    }

    /// <summary>Of rows that go.</summary>
    /// <param name="table">Their table.</param>
    /// <param name="context">The execution, perhaps measured.</param>
    public static IReadOnlyList<string> OfDelete(TableEntry table, ExecutionContext context)
    {
        var lookups = new ChangeLookups(context);
        lookups.AddReferencing(table, null, 0);
        return lookups._lines;
    }

    private void AddConflicts(TableEntry table, ConflictClause clause)
    {
        string action = clause.IsReplace ? "replace"
            : clause.Assignments is null ? "do nothing"
            : "do update";
        foreach (UniqueKey key in clause.Keys)
        {
            Add(
                0,
                $"on conflict {action}: {Batched(table, key)}",
                new ChangeLookup(
                    ChangeLookupPurpose.Conflict, table.Schema.Name, key.Name));
        }
    }

    private void AddUnique(TableEntry table, IReadOnlySet<int>? changed)
    {
        foreach (UniqueKey key in UniqueKey.AllOf(table, _catalog)
            .Where(key => KeyCheck.IsIn(changed, key.Ordinals)))
        {
            string measured = _context.Transaction.UniqueLookups is { } counts
                && _context.Profile is not null
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"  (actual {counts.Of(table.Schema, key.Name)} keys)")
                : "";
            _lines.Add($"unique: {Batched(table, key)}{measured}");
        }
    }

    private void AddReferenced(TableEntry table, IReadOnlySet<int>? changed)
    {
        if (!_context.EnforcesForeignKeys)
        {
            return;
        }

        foreach (ForeignKeySchema key in table.Schema.ForeignKeys)
        {
            if (!_catalog.TryGetTable(key.Table, out _))
            {
                _lines.Add($"foreign key {key.Name}: there is no table {key.Table} yet");
            }
            else if (KeyCheck.IsIn(changed, key.Ordinals))
            {
                ParentKey parent = ParentKey.Of(key, _catalog, default);
                Add(
                    0,
                    $"foreign key {key.Name}: {Batched(parent.Table, parent.Key)} = "
                    + Columns(table, key.Ordinals),
                    new ChangeLookup(
                        ChangeLookupPurpose.Referenced, table.Schema.Name, key.Name));
            }
        }
    }

    private void AddReferencing(TableEntry table, IReadOnlySet<int>? changed, int depth)
    {
        if (!_context.EnforcesForeignKeys || !_shown.Add(table)
            || TableRules.Of(_catalog, table.Schema.Name) is not { } rules)
        {
            return;
        }

        foreach ((TableEntry child, ForeignKeySchema key) in rules.Incoming)
        {
            ParentKey parent = ParentKey.Of(key, _catalog, default);
            if (!KeyCheck.IsIn(changed, parent.Ordinals))
            {
                continue;
            }

            ForeignKeyAction action = changed is null ? key.OnDelete : key.OnUpdate;
            string when = changed is null ? "delete" : "update";
            Add(
                depth,
                $"foreign key {key.Name} of {child.Schema.Name}, on {when} {Words(action)}: "
                + ChildRows.Describe(child, key, _catalog),
                new ChangeLookup(
                    ChangeLookupPurpose.Referencing, child.Schema.Name, key.Name));
            if (action == ForeignKeyAction.Cascade)
            {
                AddReferencing(
                    child, changed is null ? null : key.Ordinals.ToHashSet(), depth + 1);
            }
        }
    }

    private void Add(int depth, string text, ChangeLookup lookup)
    {
        string measured = _context.Profile?.Find(lookup) is { } found
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"  (actual {found.Keys} keys, {found.Rows} rows found{found.How})")
            : _context.Profile is null ? "" : "  (never run)";
        _lines.Add($"{new string(' ', 2 * depth)}{text}{measured}");
    }

    private static string Batched(TableEntry table, UniqueKey key)
    {
        string by = key.Index is not null ? $"index {key.Name}"
            : table.Schema.Keys[key.KeyOrdinal].IsPrimary ? "primary key"
            : "unique key";
        return $"batched lookup of {table.Schema.Name}, {by}: {Columns(table, key.Ordinals)}";
    }

    private static string Columns(TableEntry table, int[] ordinals) =>
        string.Join(", ", ordinals.Select(
            ordinal => IndexKeyColumns.Shown(table.Schema.Columns[ordinal])));

    private static string Words(ForeignKeyAction action) => action switch
    {
        ForeignKeyAction.NoAction => "no action",
        ForeignKeyAction.SetNull => "set null",
        ForeignKeyAction.SetDefault => "set default",
        ForeignKeyAction.Cascade => "cascade",
        _ => "restrict",
    };
}
