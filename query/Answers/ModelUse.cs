using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Which generated columns are made by a version of a model. A version that one is made by cannot
/// go: rows could not be stored any more, nor questions be asked in the same space.
/// </summary>
internal static class ModelUse
{
    /// <summary>Raises an error that names a column if it is made by what is to go.</summary>
    /// <param name="model">The model.</param>
    /// <param name="isDropped">Which versions are to go.</param>
    /// <param name="context">The execution.</param>
    /// <param name="position">The place in the statement.</param>
    public static void CheckDrop(
        ModelDefinition model,
        Func<int, bool> isDropped,
        ExecutionContext context,
        SourcePosition position)
    {
        foreach ((TableEntry table, string column, int version) in Uses(model, context))
        {
            if (isDropped(version))
            {
                throw new NeuroStoreException(
                    ErrorCode.DependentObjects,
                    $"Version {version} of {model.Name} cannot go: the column {column} of "
                    + $"{table.Schema.Name} is made by it. Give the column another version (ALTER "
                    + $"TABLE {table.Schema.Name} ALTER COLUMN {column} SET MODEL) or drop it "
                    + "first.",
                    position);
            }
        }
    }

    /// <summary>The versions of a model that columns are made by.</summary>
    public static IReadOnlySet<int> VersionsOf(ModelDefinition model, ExecutionContext context) =>
        Uses(model, context).Select(static use => use.Version).ToHashSet();

    /// <summary>
    /// Sees to it that nobody drops the versions meanwhile that the columns of a schema are made
    /// by: whoever does changes the same rows.
    /// </summary>
    public static void Keep(TableSchema schema, StorageTransaction transaction)
    {
        foreach (ColumnSchema column in schema.Columns)
        {
            foreach (ModelReference reference in Find(column))
            {
                if (transaction.Catalog.TryGetObject(
                        CatalogObjectKind.Model, reference.Name, out CatalogObject model)
                    && ModelDefinitionJson.Of(model).Find(reference.Version) is { } version)
                {
                    Keep(reference.Name, version, transaction);
                }
            }
        }
    }

    /// <summary>Sees to it that nobody drops a version meanwhile.</summary>
    public static void Keep(
        string model, ModelVersionInfo version, StorageTransaction transaction)
    {
        Value[]? row = ModelTables.Find(
            ModelTables.Versions, transaction, out long rowId, Value.Of(version.Identity));
        Invariant.Check(row is not null, $"the header of {model}");
        ModelTables.Update(ModelTables.Versions, transaction, rowId, row);
    }

    /// <summary>Writes the new name of a model into the columns that it makes.</summary>
    public static void Rename(
        ModelDefinition model, IdentifierSyntax newName, ExecutionContext context)
    {
        foreach (TableEntry table in Uses(model, context).Select(static use => use.Table)
            .Distinct().ToArray())
        {
            if (context.Transaction.HasPending(table))
            {
                throw new NeuroStoreException(
                    ErrorCode.NotSupported,
                    $"The transaction has changed rows of {table.Schema.Name}, which has columns "
                    + $"made by {model.Name}. Commit first, then rename the model.",
                    newName.Position);
            }

            context.Transaction.AlterTable(table, table.Schema with
            {
                Columns = [.. table.Schema.Columns.Select(column => Find(column).Any()
                    ? column with
                    {
                        GeneratedSql = ModelText.WithName(
                            column.GeneratedSql!, model.Name, newName.Name),
                    }
                    : column)],
            });
        }
    }

    private static IEnumerable<(TableEntry Table, string Column, int Version)> Uses(
        ModelDefinition model, ExecutionContext context)
    {
        foreach (TableEntry table in context.Transaction.Catalog.Tables)
        {
            for (int i = 0; i < table.Schema.Columns.Count; i++)
            {
                foreach (ModelReference reference in Find(table.Schema.Columns[i]))
                {
                    if (Dependencies.IsNamed(reference.Name, model.Name))
                    {
                        int shown = AnswerColumns.Find(table.Schema, i)?.Shown ?? i;
                        yield return (
                            table,
                            table.Schema.Columns[shown].Name,
                            model.Find(reference.Version)?.Number ?? reference.Version.Number);
                    }
                }
            }
        }
    }

    private static IReadOnlyList<ModelReference> Find(ColumnSchema column) =>
        column.GeneratedSql is { } sql ? ModelText.Find(sql) : [];
}
