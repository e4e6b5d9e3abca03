namespace NeuroDb.Query;

/// <summary>CREATE SEQUENCE.</summary>
internal sealed class BoundCreateSequence(CreateSequenceStatementSyntax syntax)
    : BoundDefinition($"Create sequence {syntax.Name.Last}")
{
    /// <inheritdoc/>
    protected override void Execute(ExecutionContext context)
    {
        string name = syntax.Name.Key;
        SchemaNames.Check(syntax.Name, context.Transaction.Catalog);
        if (context.Transaction.Catalog.TryGetObject(CatalogObjectKind.Sequence, name, out _))
        {
            if (syntax.IfNotExists)
            {
                context.Notices.Add($"The sequence {name} exists already; nothing was created.");
                return;
            }

            throw new NeuroStoreException(
                ErrorCode.ObjectExists,
                $"A sequence {name} exists already. Choose another name, or write IF NOT EXISTS.",
                syntax.Name.Position);
        }

        SequenceStore.Create(name, syntax.Options, context, syntax.Name.Position);
    }
}
