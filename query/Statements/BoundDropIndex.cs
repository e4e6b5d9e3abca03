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
            if (syntax.IfExists && !binder.Catalog.TryGetIndex(name.Last, out _))
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
            context.Transaction.DropIndex(index);
        }

        return new StatementResult([], 0);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) =>
        [.. _indexes.Select(static index => $"Drop index {index.Schema.Name}")];
}
