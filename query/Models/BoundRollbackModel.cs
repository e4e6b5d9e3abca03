namespace NeuroDb.Query;

/// <summary>
/// ROLLBACK MODEL: the version that was live before is live again. The one that is left is not gone
/// back to by the next ROLLBACK, which goes further back.
/// </summary>
internal sealed class BoundRollbackModel(RollbackModelStatementSyntax syntax)
    : BoundDefinition($"Roll back model {syntax.Name.Last}")
{
    /// <inheritdoc/>
    protected override void Execute(ExecutionContext context)
    {
        ModelDefinition model = ModelLookup.Find(syntax.Name, context.Transaction.Catalog);
        if (model.History.Count == 0)
        {
            throw new NeuroStoreException(
                ErrorCode.UnknownObject,
                $"No version of {model.Name} was live before version {model.Live}; ALTER MODEL "
                + $"{model.Name} SET LIVE VERSION chooses any.",
                syntax.Name.Position);
        }

        int before = model.History[^1];
        ModelCatalog.Put(
            model with { Live = before, History = [.. model.History.SkipLast(1)] },
            context);
        ModelAudit.Add("rollback", model.Name, before, syntax, context);
        context.Notices.Add($"Version {before} of {model.Name} is live.");
    }
}
