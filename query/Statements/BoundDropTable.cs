using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// DROP TABLE of one or more tables. What depends on them stands in the way, or goes with CASCADE;
/// their own triggers and the sequences of their columns go with them.
/// </summary>
internal sealed class BoundDropTable : BoundDefinition
{
    private readonly DropTableStatementSyntax _syntax;
    private readonly List<(TableEntry Table, SourcePosition Position)> _tables = [];
    private readonly List<string> _missing = [];

    /// <summary>
    /// Looks the tables up; a missing one is an error unless IF EXISTS is written.
    /// </summary>
    public BoundDropTable(DropTableStatementSyntax syntax, Binder binder)
        : base($"Drop table {string.Join(", ", syntax.Tables.Select(static name => name.Text))}")
    {
        _syntax = syntax;
        foreach (NameSyntax name in syntax.Tables)
        {
            if (syntax.IfExists && !binder.Catalog.TryGetTable(name.Key, out _)
                && !binder.Catalog.TryGetObject(CatalogObjectKind.View, name.Key, out _))
            {
                _missing.Add(name.Text);
                continue;
            }

            _tables.Add((binder.BindTable(name), name.Position));
        }
    }

    /// <inheritdoc/>
    protected override void Execute(ExecutionContext context)
    {
        foreach (string name in _missing)
        {
            context.Notices.Add($"There is no table {name}; nothing was dropped.");
        }

        HashSet<string> dropped = new(
            _tables.Select(static pair => pair.Table.Schema.Name),
            StringComparer.OrdinalIgnoreCase);
        foreach ((TableEntry table, SourcePosition position) in _tables)
        {
            string name = table.Schema.Name;
            if (!context.Transaction.IsTemporary(table))
            {
                Dependencies.ReleaseViews(
                    name, _syntax.IsCascade, _syntax.IsRestrict, context, position);
                Dependencies.ReleaseReferences(
                    table, dropped, _syntax.IsCascade, context, position);
                Dependencies.DropTriggers(name, context);
            }

            if (context.Transaction.Catalog.Contains(table))
            {
                context.Transaction.DropTable(table);
                DropSequences(table.Schema, context);
            }
        }
    }

    private static void DropSequences(TableSchema schema, ExecutionContext context)
    {
        foreach (ColumnSchema column in schema.Columns)
        {
            string name = $"{schema.Name}_{column.Name}_seq";
            if (column.Identity != ColumnIdentity.None && column.DefaultSql is not null
                && context.Transaction.Catalog.TryGetObject(
                    CatalogObjectKind.Sequence, name, out CatalogObject sequence))
            {
                SequenceStore.Drop(sequence, isCascade: true, context, default);
                context.Transaction.DropObject(sequence);
            }
        }
    }
}
