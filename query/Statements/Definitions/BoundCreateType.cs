using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>CREATE TYPE and CREATE DOMAIN.</summary>
internal sealed class BoundCreateType(CreateTypeStatementSyntax syntax)
    : BoundDefinition($"Create {(syntax.IsDomain ? "domain" : "type")} {syntax.Name.Last}")
{
    /// <inheritdoc/>
    protected override void Execute(ExecutionContext context)
    {
        CatalogView catalog = context.Transaction.Catalog;
        string name = syntax.Name.Last;
        if (catalog.TryGetObject(CatalogObjectKind.Type, name, out _))
        {
            if (syntax.IfNotExists)
            {
                context.Notices.Add($"The type {name} exists already; nothing was created.");
                return;
            }

            throw new NeuroStoreException(
                ErrorCode.ObjectExists,
                $"A type or domain {name} exists already. Choose another name, or write IF NOT "
                + "EXISTS.",
                syntax.Name.Position);
        }

        if (TypeNames.IsBuiltIn(name))
        {
            throw new NeuroStoreException(
                ErrorCode.ObjectExists,
                $"{name} is a type of the system; choose another name.",
                syntax.Name.Position);
        }

        context.Transaction.PutObject(
            new CatalogObject(CatalogObjectKind.Type, name, Check(context)));
    }

    private string Check(ExecutionContext context)
    {
        var binder = new Binder(context.Transaction.Catalog, [], new NoticeList());
        if (syntax.LabelQuery is not null)
        {
            string[] labels = Labels(binder, context);
            NestedTypeNames.CheckLabels(labels, syntax.Position);
            return TypeDefinition.EnumSql(syntax.Name.Last, labels);
        }

        DataType type = TypeNames.Resolve(syntax.Type, binder.Catalog);
        if (!syntax.IsDomain)
        {
            return syntax.Text;
        }

        _ = DomainRules.Of(syntax, binder);
        foreach (ConstraintSyntax constraint in syntax.Constraints)
        {
            if (constraint is not (NullConstraintSyntax or CheckConstraintSyntax
                or DefaultConstraintSyntax))
            {
                throw new NeuroStoreException(
                    ErrorCode.NotSupported,
                    "A domain takes DEFAULT, NOT NULL and CHECK; keys and references are of "
                    + "tables.",
                    constraint.Position);
            }

            if (constraint is DefaultConstraintSyntax { ValueText: { } value })
            {
                _ = InsertBinder.BindDefault(
                    new ColumnSchema(syntax.Name.Last, type, true, value), binder);
            }
        }

        return syntax.Text;
    }

    // The labels in the order of the query, each once, as in DuckDB.
    private string[] Labels(Binder binder, ExecutionContext context)
    {
        LogicalNode query = binder.BindQuery(syntax.LabelQuery!);
        PlanNode plan = new Planner(binder.Identifiers).Plan(query);
        using BatchCursor rows = plan.Open(context);
        var labels = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (RowBatch? batch = rows.Next(); batch is not null; batch = rows.Next())
        {
            for (int row = 0; row < batch.Count; row++)
            {
                Value value = batch.Columns[0].GetValue(row);
                if (value.IsNull)
                {
                    throw new NeuroStoreException(
                        ErrorCode.InvalidText, "A label of an ENUM is NULL.", syntax.Position);
                }

                string label = ValueText.Format(value);
                if (seen.Add(label))
                {
                    labels.Add(label);
                }
            }
        }

        return [.. labels];
    }
}
