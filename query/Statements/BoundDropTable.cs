using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>DROP TABLE of one or more tables.</summary>
internal sealed class BoundDropTable : BoundStatement
{
    private readonly List<TableEntry> _tables = [];
    private readonly List<string> _missing = [];

    /// <summary>
    /// Looks the tables up; a missing one is an error unless IF EXISTS is written.
    /// </summary>
    public BoundDropTable(DropTableStatementSyntax syntax, Binder binder)
    {
        foreach (NameSyntax name in syntax.Tables)
        {
            if (syntax.IfExists && !binder.Catalog.TryGetTable(name.Last, out _))
            {
                _missing.Add(name.Text);
                continue;
            }

            _tables.Add(binder.BindTable(name));
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
            context.Notices.Add($"There is no table {name}; nothing was dropped.");
        }

        foreach (TableEntry table in _tables)
        {
            context.Transaction.DropTable(table);
        }

        return new StatementResult([], 0);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) =>
        [.. _tables.Select(table => $"Drop table {table.Schema.Name}")];
}
