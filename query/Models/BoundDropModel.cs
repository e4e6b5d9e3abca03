using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>DROP MODEL: a model, or versions of it that are not live.</summary>
internal sealed class BoundDropModel(DropModelStatementSyntax syntax)
    : BoundDefinition(
        $"Drop model {string.Join(", ", syntax.Names.Select(static name => name.Text))}")
{
    /// <inheritdoc/>
    protected override void Execute(ExecutionContext context)
    {
        foreach (NameSyntax name in syntax.Names)
        {
            CatalogView catalog = context.Transaction.Catalog;
            if (syntax.IfExists
                && !catalog.TryGetObject(CatalogObjectKind.Model, name.Last, out _))
            {
                context.Notices.Add($"There is no model {name.Text}; nothing was dropped.");
                continue;
            }

            ModelDefinition model = ModelLookup.Find(name, catalog);
            ModelAudit.Add("drop", model.Name, 0, syntax, context);
            if (syntax.Version == 0 && syntax.BeforeVersion == 0)
            {
                ModelUse.CheckDrop(model, static _ => true, context, name.Position);
                ModelCatalog.Drop(model, context);
                continue;
            }

            DropVersions(model, name, context);
        }
    }

    private void DropVersions(ModelDefinition model, NameSyntax name, ExecutionContext context)
    {
        if (syntax.Version > 0)
        {
            ModelLookup.VersionOf(model, ModelVersionChoice.Of(syntax.Version), name.Position);
        }

        bool IsDropped(ModelVersionInfo it) =>
            it.Number == syntax.Version || it.Number < syntax.BeforeVersion;
        if (IsDropped(model.LiveVersion))
        {
            throw new NeuroStoreException(
                ErrorCode.DependentObjects,
                $"Version {model.Live} of {model.Name} is live. Make another one live first, or "
                + "drop the model.",
                name.Position);
        }

        ModelUse.CheckDrop(
            model,
            number => number == syntax.Version || number < syntax.BeforeVersion,
            context,
            name.Position);
        ModelCatalog.Put(ModelCatalog.Remove(model, IsDropped, context), context);
    }
}
