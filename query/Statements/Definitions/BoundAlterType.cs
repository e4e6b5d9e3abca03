using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// ALTER TYPE. A label at the end of an ENUM changes definitions alone; any other change of its
/// labels writes the rows of the tables that have it anew, for they order by the places.
/// </summary>
internal sealed class BoundAlterType(AlterTypeStatementSyntax syntax)
    : BoundDefinition($"Alter type {syntax.Name.Last}")
{
    /// <inheritdoc/>
    protected override void Execute(ExecutionContext context)
    {
        CatalogView catalog = context.Transaction.Catalog;
        if (syntax.IfExists
            && !catalog.TryGetObject(CatalogObjectKind.Type, syntax.Name.Last, out _))
        {
            context.Notices.Add($"There is no type {syntax.Name.Text}; nothing was changed.");
            return;
        }

        CatalogObject known = ObjectLookup.Find(CatalogObjectKind.Type, syntax.Name, catalog);
        CreateTypeStatementSyntax definition = TypeDefinition.Of(known);
        if (syntax.NewName is { } newName)
        {
            Rename(known, definition, newName, context);
            return;
        }

        DataType type = TypeDefinition.TypeOf(definition, catalog);
        if (definition.IsDomain || type.Kind != TypeKind.Enum)
        {
            throw new NeuroStoreException(
                ErrorCode.TypeMismatch,
                $"{known.Name} is no ENUM, so it has no labels.",
                syntax.Name.Position);
        }

        List<string> labels = [.. type.Labels];
        if (syntax.IfNotExists && labels.Contains(syntax.Label!))
        {
            context.Notices.Add(
                $"{known.Name} has the label '{syntax.Label}' already; nothing was changed.");
            return;
        }

        bool isAtEnd = syntax.OldLabel is null && Add(labels);
        if (syntax.OldLabel is { } old)
        {
            labels[PlaceOf(labels, old)] = syntax.Label!;
        }

        NestedTypeNames.CheckLabels(labels, syntax.Position);
        context.Transaction.PutObject(known with
        {
            Sql = TypeDefinition.EnumSql(known.Name, labels),
        });
        Change(known.Name, new TypeShape(type.Shape!.Name, labels, []), !isAtEnd, context);
    }

    // Whether the new label is the last one.
    private bool Add(List<string> labels)
    {
        int place = syntax.Neighbour is null
            ? labels.Count
            : PlaceOf(labels, syntax.Neighbour) + (syntax.IsBefore ? 0 : 1);
        labels.Insert(place, syntax.Label!);
        return place == labels.Count - 1;
    }

    private int PlaceOf(List<string> labels, string label)
    {
        int place = labels.IndexOf(label);
        return place >= 0
            ? place
            : throw new NeuroStoreException(
                ErrorCode.UnknownObject,
                $"{syntax.Name.Text} has no label '{label}'.{NearMatch.Hint(label, labels)}",
                syntax.Position);
    }

    private static void Rename(
        CatalogObject known,
        CreateTypeStatementSyntax definition,
        IdentifierSyntax newName,
        ExecutionContext context)
    {
        CatalogView catalog = context.Transaction.Catalog;
        if (TypeNames.IsBuiltIn(newName.Name)
            || catalog.TryGetObject(CatalogObjectKind.Type, newName.Name, out _))
        {
            throw new NeuroStoreException(
                ErrorCode.ObjectExists, $"A type {newName.Name} exists already.", newName.Position);
        }

        if (definition.IsDomain
            || catalog.Objects.Any(other => !ReferenceEquals(other, known)
                && other.Kind != CatalogObjectKind.Comment
                && SqlText.Mentions(other.Sql, known.Name)))
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                $"{known.Name} cannot be renamed: it is a domain, or a view, trigger or type "
                + "uses it.",
                newName.Position);
        }

        DataType type = TypeDefinition.TypeOf(definition, catalog);
        context.Transaction.DropObject(known);
        context.Transaction.PutObject(known with
        {
            Name = newName.Name,
            Sql = SqlText.Rename(known.Sql, known.Name, newName.Name),
        });
        Comments.Rename("type", known.Name, newName.Name, context);
        if (type.Shape is { Name: not null } shape)
        {
            Change(
                known.Name,
                new TypeShape(newName.Name, shape.Labels, shape.Fields),
                false,
                context);
        }
    }

    private static void Change(
        string name, TypeShape shape, bool writesRows, ExecutionContext context)
    {
        StorageTransaction transaction = context.Transaction;
        foreach (TableEntry table in transaction.Catalog.Tables.ToArray())
        {
            TableSchema schema = table.Schema;
            int[] changed = [.. Enumerable.Range(0, schema.Columns.Count)
                .Where(i => TypeDefinition.Uses(schema.Columns[i].Type, name))];
            if (changed.Length == 0)
            {
                continue;
            }

            context.ThrowIfCancelled();
            TableSchema altered = schema with
            {
                Columns = [.. schema.Columns.Select(column => column with
                {
                    Type = TypeDefinition.Replace(column.Type, name, shape),
                })],
            };
            if (writesRows || transaction.HasPending(table))
            {
                TableRewrite.Run(
                    table,
                    altered,
                    changed.ToDictionary(
                        static i => i, i => SqlText.Quote(schema.Columns[i].Name)),
                    context);
            }
            else
            {
                transaction.AlterTable(table, altered);
            }
        }
    }
}
