namespace NeuroDb.Query;

/// <summary>
/// CREATE MODEL: trains within the statement, on the snapshot of its transaction.
/// </summary>
internal sealed class BoundCreateModel(CreateModelStatementSyntax syntax)
    : BoundModelChange("Create model", syntax, syntax.Name)
{
    /// <inheritdoc/>
    protected override ModelChange? Execute(ExecutionContext context)
    {
        RefuseParameters(syntax);
        string name = syntax.Name.Last;
        bool isThere = context.Transaction.Catalog.TryGetObject(
            CatalogObjectKind.Model, name, out CatalogObject known);
        if (isThere && !syntax.OrReplace)
        {
            if (syntax.IfNotExists)
            {
                context.Notices.Add($"The model {name} exists already; nothing was created.");
                return null;
            }

            throw new NeuroStoreException(
                ErrorCode.ObjectExists,
                $"A model {name} exists already. RETRAIN MODEL makes another version of it; write "
                + "OR REPLACE to begin anew.",
                syntax.Name.Position);
        }

        CheckReplaced(isThere, known, context);
        ModelPlan plan = ModelBinder.Bind(
            syntax.Definition,
            null,
            syntax.QueryText,
            ModelOptions.Read("{}", syntax.Definition.Options),
            context,
            syntax.Name.Position);
        using ModelTraining training = context.Models.Begin(name, 1, context.Clock);
        BuiltModel built = ModelBuilds.Prepare(plan, null, context).Train(training);
        if (isThere)
        {
            ModelCatalog.Drop(ModelDefinitionJson.Of(known), context);
        }

        ModelDefinition model = ModelCatalog.Create(name, syntax.Text, built, context);
        return new ModelChange(model, model.Live, built.Facts);
    }

    // Before the training, which may take long; a column made meanwhile is a conflict.
    private void CheckReplaced(bool isThere, CatalogObject known, ExecutionContext context)
    {
        if (isThere)
        {
            ModelUse.CheckDrop(
                ModelDefinitionJson.Of(known), static _ => true, context, syntax.Name.Position);
        }
    }
}
