using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>ALTER MODEL: another live version, another name, policies.</summary>
internal sealed class BoundAlterModel(AlterModelStatementSyntax syntax)
    : BoundDefinition($"Alter model {syntax.Name.Last}")
{
    /// <inheritdoc/>
    protected override void Execute(ExecutionContext context)
    {
        CatalogView catalog = context.Transaction.Catalog;
        if (syntax.IfExists
            && !catalog.TryGetObject(CatalogObjectKind.Model, syntax.Name.Last, out _))
        {
            context.Notices.Add($"There is no model {syntax.Name.Text}; nothing was changed.");
            return;
        }

        ModelDefinition model = ModelLookup.Find(syntax.Name, catalog);
        ModelAudit.Add("alter", model.Name, 0, syntax, context);
        if (syntax.NewName is { } newName)
        {
            Rename(model, newName, context);
        }
        else if (syntax.Owner is { } owner)
        {
            ModelCatalog.Put(model with { Owner = owner.Name }, context);
        }
        else if (syntax.LiveVersion > 0)
        {
            ModelLookup.VersionOf(
                model, ModelVersionChoice.Of(syntax.LiveVersion), syntax.Name.Position);
            ModelCatalog.Put(model.WithLive(syntax.LiveVersion), context);
        }
        else
        {
            ModelCatalog.Put(
                ModelCatalog.Thin(
                    model with
                    {
                        Policies = ModelPolicies.Set(model.Policies, syntax.Policies),
                    },
                    context),
                context);
        }
    }

    private static void Rename(
        ModelDefinition model, IdentifierSyntax newName, ExecutionContext context)
    {
        StorageTransaction transaction = context.Transaction;
        bool isSame = string.Equals(
            model.Name, newName.Name, StringComparison.OrdinalIgnoreCase);
        if (!isSame
            && transaction.Catalog.TryGetObject(CatalogObjectKind.Model, newName.Name, out _))
        {
            throw new NeuroStoreException(
                ErrorCode.ObjectExists,
                $"A model {newName.Name} exists already.",
                newName.Position);
        }

        transaction.Catalog.TryGetObject(
            CatalogObjectKind.Model, model.Name, out CatalogObject known);
        ModelUse.Rename(model, newName, context);
        transaction.DropObject(known);
        Comments.Rename("model", model.Name, newName.Name, context);
        ModelCatalog.Put(
            model with
            {
                Name = newName.Name,
                Sql = WithName(model.Sql, newName.Name),
            },
            context);
    }

    // The name is the first one behind MODEL; columns of the same name stay as they are.
    private static string WithName(string sql, string name)
    {
        SqlTokenStream tokens = new SqlScanner(sql).NextStatement();
        bool isBehind = false;
        for (int i = 0; i < tokens.Size - 1; i++)
        {
            var token = (SqlToken)tokens.Get(i);
            if (isBehind && token.Type is not (Generated.NeuroSql.IF or Generated.NeuroSql.NOT
                or Generated.NeuroSql.EXISTS))
            {
                return string.Concat(
                    sql.AsSpan(0, token.StartIndex),
                    SqlText.Quote(name),
                    sql.AsSpan(token.StopIndex + 1));
            }

            isBehind |= token.Type == Generated.NeuroSql.MODEL;
        }

        return sql;
    }
}
