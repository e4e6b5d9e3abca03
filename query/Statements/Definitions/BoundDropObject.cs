using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>DROP VIEW, DROP TRIGGER, DROP SEQUENCE, DROP TYPE and DROP DOMAIN.</summary>
internal sealed class BoundDropObject(DropObjectStatementSyntax syntax)
    : BoundDefinition($"Drop {string.Join(", ", syntax.Names.Select(static name => name.Text))}")
{
    /// <inheritdoc/>
    protected override void Execute(ExecutionContext context)
    {
        foreach (NameSyntax name in syntax.Names)
        {
            StorageTransaction transaction = context.Transaction;
            if (!transaction.Catalog.TryGetObject(syntax.Kind, name.Key, out CatalogObject known))
            {
                if (!syntax.IfExists)
                {
                    throw ObjectLookup.Unknown(syntax.Kind, name, transaction.Catalog);
                }

                context.Notices.Add(
                    $"There is no {ObjectLookup.Word(syntax.Kind)} {name.Text}; nothing was "
                    + "dropped.");
                continue;
            }

            if (syntax.Kind == CatalogObjectKind.View)
            {
                Dependencies.ReleaseViews(
                    known.Name, syntax.IsCascade, syntax.IsRestrict, context, name.Position);
                Dependencies.DropTriggers(known.Name, context);
            }
            else if (syntax.Kind == CatalogObjectKind.Sequence)
            {
                SequenceStore.Drop(known, syntax.IsCascade, context, name.Position);
            }

            if (syntax.Kind == CatalogObjectKind.Type)
            {
                TypeDependencies.Release(known, syntax.IsCascade, context, name.Position);
                continue;
            }

            transaction.DropObject(known);
        }
    }
}
