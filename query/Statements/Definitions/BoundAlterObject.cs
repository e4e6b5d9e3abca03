using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>ALTER VIEW RENAME and ALTER SEQUENCE.</summary>
internal sealed class BoundAlterObject(AlterObjectStatementSyntax syntax)
    : BoundDefinition($"Alter {ObjectLookup.Word(syntax.Kind)} {syntax.Name.Last}")
{
    /// <inheritdoc/>
    protected override void Execute(ExecutionContext context)
    {
        StorageTransaction transaction = context.Transaction;
        if (syntax.IfExists
            && !transaction.Catalog.TryGetObject(syntax.Kind, syntax.Name.Key, out _))
        {
            context.Notices.Add($"There is no {syntax.Name.Text}; nothing was changed.");
            return;
        }

        CatalogObject known = ObjectLookup.Find(syntax.Kind, syntax.Name, transaction.Catalog);
        if (syntax.Options is { } options)
        {
            AlterSequence(known, options, context);
        }
        else if (syntax.Kind == CatalogObjectKind.View)
        {
            RenameView(known, syntax.NewName!, context);
        }
        else
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                "A sequence cannot be renamed; create another one that starts where it is.",
                syntax.Position);
        }
    }

    private static void RenameView(
        CatalogObject view, IdentifierSyntax newName, ExecutionContext context)
    {
        StorageTransaction transaction = context.Transaction;
        if (transaction.Catalog.TryGetTable(newName.Name, out _)
            || transaction.Catalog.TryGetObject(CatalogObjectKind.View, newName.Name, out _))
        {
            throw new NeuroStoreException(
                ErrorCode.ObjectExists,
                $"A table or view {newName.Name} exists already.",
                newName.Position);
        }

        IReadOnlyList<CatalogObject> readers =
            Dependencies.ViewsOver(view.Name, transaction.Catalog);
        transaction.DropObject(view);
        transaction.PutObject(view with
        {
            Name = newName.Name,
            Sql = SqlText.Rename(view.Sql, view.Name, newName.Name),
        });
        Comments.Rename("view", view.Name, newName.Name, context);
        foreach (CatalogObject reader in readers)
        {
            transaction.PutObject(reader with
            {
                Sql = SqlText.Rename(reader.Sql, view.Name, newName.Name),
            });
        }
    }

    private static void AlterSequence(
        CatalogObject sequence, SequenceOptions changes, ExecutionContext context)
    {
        SequenceOptions old = SequenceDefinition.Of(sequence);
        SequenceOptions options = old with
        {
            Increment = changes.Increment ?? old.Increment,
            Start = changes.Start ?? old.Start,
            Minimum = changes.Minimum ?? old.Minimum,
            Maximum = changes.Maximum ?? old.Maximum,
            IsCycle = changes.IsCycle || old.IsCycle,
        };
        CatalogObject altered = sequence with
        {
            Sql = SequenceDefinition.ToSql(sequence.Name, options),
        };
        context.Transaction.PutObject(altered);
        if (changes.IsRestart || changes.Restart is not null)
        {
            context.Sequences.Restart(altered, changes.Restart, context);
        }
    }
}
