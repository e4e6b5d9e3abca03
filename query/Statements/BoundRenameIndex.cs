using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>ALTER INDEX .. RENAME TO; without an index nothing happens.</summary>
internal sealed class BoundRenameIndex(IndexEntry? index, string oldName, string newName)
    : BoundStatement
{
    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => [];

    /// <inheritdoc/>
    public override bool ChangesData => true;

    /// <inheritdoc/>
    public override StatementResult Run(ExecutionContext context)
    {
        if (index is null)
        {
            context.Notices.Add($"There is no index {oldName}; nothing was renamed.");
        }
        else
        {
            context.Transaction.RenameIndex(index, newName);
            Comments.Rename("index", oldName, newName, context);
        }

        return new StatementResult([], 0);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) =>
        [$"Rename index {oldName} to {newName}"];
}
