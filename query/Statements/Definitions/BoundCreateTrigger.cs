using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>CREATE TRIGGER. Its statements are parsed here and bound when it first runs.</summary>
internal sealed class BoundCreateTrigger(CreateTriggerStatementSyntax syntax)
    : BoundDefinition($"Create trigger {syntax.Name.Last}")
{
    /// <inheritdoc/>
    protected override void Execute(ExecutionContext context)
    {
        CatalogView catalog = context.Transaction.Catalog;
        string name = syntax.Name.Key;
        if (catalog.TryGetObject(CatalogObjectKind.Trigger, name, out _))
        {
            if (syntax.IfNotExists)
            {
                context.Notices.Add($"The trigger {name} exists already; nothing was created.");
                return;
            }

            throw new NeuroStoreException(
                ErrorCode.ObjectExists,
                $"A trigger {name} exists already. Choose another name, or drop it first.",
                syntax.Name.Position);
        }

        CheckTarget(catalog);
        CheckBody();
        context.Transaction.PutObject(
            new CatalogObject(CatalogObjectKind.Trigger, name, syntax.Text));
    }

    private void CheckTarget(CatalogView catalog)
    {
        bool isInstead = syntax.Timing == TriggerTiming.InsteadOf;
        if (catalog.TryGetTable(syntax.Table.Key, out TableEntry table))
        {
            if (isInstead)
            {
                throw new NeuroStoreException(
                    ErrorCode.NotSupported,
                    "INSTEAD OF stands for the change of a view; a table takes BEFORE and AFTER.",
                    syntax.Position);
            }

            foreach (IdentifierSyntax column in syntax.Columns)
            {
                _ = SchemaLookup.Ordinal(table.Schema, column);
            }

            return;
        }

        _ = ObjectLookup.Find(CatalogObjectKind.View, syntax.Table, catalog);
        if (!isInstead)
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                "A view has no rows of its own; its triggers are INSTEAD OF.",
                syntax.Position);
        }
    }

    private void CheckBody()
    {
        IReadOnlyList<StatementSyntax> statements = SqlParser.Parse(syntax.Body);
        if (statements.Count == 0)
        {
            throw SyntaxErrors.At(
                syntax.Position, "a trigger has statements between BEGIN and END");
        }

        foreach (StatementSyntax statement in statements)
        {
            if (statement is not (SelectStatementSyntax or InsertStatementSyntax
                or UpdateStatementSyntax or DeleteStatementSyntax
                or MergeStatementSyntax))
            {
                throw new NeuroStoreException(
                    ErrorCode.NotSupported,
                    "The statements of a trigger are SELECT, INSERT, UPDATE and DELETE.",
                    syntax.Position);
            }
        }
    }
}
