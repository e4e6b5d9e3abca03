using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>DROP INDEX of one or more indexes.</summary>
internal sealed class BoundDropIndex : BoundStatement
{
    private readonly List<IndexEntry> _indexes = [];
    private readonly List<string> _missing = [];

    /// <summary>
    /// Looks the indexes up; a missing one is an error unless IF EXISTS is written.
    /// </summary>
    public BoundDropIndex(DropIndexStatementSyntax syntax, Binder binder)
    {
        foreach (NameSyntax name in syntax.Indexes)
        {
            if (syntax.IfExists && !binder.Catalog.TryGetIndex(name.Key, out _))
            {
                _missing.Add(name.Text);
                continue;
            }

            _indexes.Add(IndexLookup.Find(name, binder.Catalog));
        }
    }

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => [];

    /// <inheritdoc/>
    public override bool ChangesData => true;

    /// <inheritdoc/>
    public override StatementResult Run(ExecutionContext context)
    {
        foreach (string name in _missing)
        {
            context.Notices.Add($"There is no index {name}; nothing was dropped.");
        }

        foreach (IndexEntry index in _indexes.Distinct())
        {
            CheckUnreferenced(index, context.Transaction.Catalog);
            context.Transaction.DropIndex(index);
            IndexKeyColumns.Release(index, context);
        }

        Comments.Prune(context);

        return new StatementResult([], 0);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) =>
        [.. _indexes.Select(static index => $"Drop index {index.Schema.Name}")];

    // A foreign key that refers to the index needs it, unless another key has the same columns.
    private static void CheckUnreferenced(IndexEntry index, CatalogView catalog)
    {
        TableEntry? table = index.Schema.IsUnique
            ? catalog.Tables.FirstOrDefault(one => one.Id == index.Schema.TableId)
            : null;
        if (table is null)
        {
            return;
        }

        bool hasOther = UniqueKey.AllOf(table, catalog).Any(key =>
            key.Index != index && key.Ordinals.Order().SequenceEqual(
                index.Schema.Ordinals.Order()));
        foreach (TableEntry child in Dependencies.ReferencesTo(table, catalog).Append(table))
        {
            bool isNeeded = !hasOther && child.Schema.ForeignKeys.Any(key =>
                Dependencies.IsNamed(key.Table, table.Schema.Name)
                && ParentKey.Of(key, catalog, default).Key.Index == index);
            if (isNeeded)
            {
                throw Dependencies.Refused(
                    $"a foreign key of table {child.Schema.Name} refers to it", default);
            }
        }
    }
}
