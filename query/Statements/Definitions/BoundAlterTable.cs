using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>ALTER TABLE: its changes one after the other, all of them or none.</summary>
internal sealed class BoundAlterTable(AlterTableStatementSyntax syntax)
    : BoundDefinition($"Alter table {syntax.Table.Last}")
{
    /// <inheritdoc/>
    protected override void Execute(ExecutionContext context)
    {
        CatalogView catalog = context.Transaction.Catalog;
        if (syntax.IfExists && !catalog.TryGetTable(syntax.Table.Key, out _))
        {
            context.Notices.Add($"There is no table {syntax.Table.Text}; nothing was changed.");
            return;
        }

        var binder = new Binder(catalog, [], context.Notices);
        TableEntry table = binder.BindTable(syntax.Table);
        foreach (TableChangeSyntax change in syntax.Changes)
        {
            context.ThrowIfCancelled();
            table = new TableAlteration(table, context).Apply(change);
        }
    }
}
