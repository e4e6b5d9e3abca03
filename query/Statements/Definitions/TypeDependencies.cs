using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>What uses a type or domain: columns, other types, views.</summary>
internal static class TypeDependencies
{
    /// <summary>
    /// Drops a type. What uses it stands in the way; with CASCADE columns and types of it go too.
    /// </summary>
    public static void Release(
        CatalogObject type, bool isCascade, ExecutionContext context, SourcePosition position)
    {
        StorageTransaction transaction = context.Transaction;
        foreach (CatalogObject other in Users(type, transaction.Catalog))
        {
            if (!isCascade)
            {
                throw Dependencies.Refused(
                    $"the type {other.Name} is made of {type.Name}", position);
            }

            if (transaction.Catalog.Contains(other))
            {
                Release(other, true, context, position);
            }
        }

        foreach (TableEntry table in transaction.Catalog.Tables.ToArray())
        {
            TableEntry current = table;
            foreach (string column in ColumnsOf(type, table.Schema))
            {
                if (!isCascade)
                {
                    throw Dependencies.Refused(
                        $"the column {column} of table {table.Schema.Name} is of the type "
                        + type.Name,
                        position);
                }

                current = DropColumn(current, type, column, context, position);
            }
        }

        transaction.DropObject(type);
        Dependencies.CheckViews(type.Name, context, position);
    }

    /// <summary>The columns of a table that are of a type or domain, or have it in theirs.
    /// </summary>
    public static IReadOnlyList<string> ColumnsOf(CatalogObject type, TableSchema schema) =>
        [.. schema.Columns.Where(column => !column.IsUnseen
            && (TypeDefinition.Uses(column.Type, type.Name)
                || DomainOf(column, schema) is { } domain
                    && Dependencies.IsNamed(domain, type.Name)))
            .Select(static column => column.Name)];

    /// <summary>The name of the domain that a column is of, or null.</summary>
    public static string? DomainOf(ColumnSchema column, TableSchema schema)
    {
        foreach (CheckSchema check in schema.Checks)
        {
            if (check.Sql.StartsWith(DomainRules.TestName, StringComparison.OrdinalIgnoreCase)
                && SqlParser.ParseExpression(check.Sql) is FunctionCallSyntax call
                && DomainRules.IsTest(call)
                && call.Arguments[0].Value is ColumnReferenceSyntax domain
                && call.Arguments[1].Value is ColumnReferenceSyntax reference
                && Dependencies.IsNamed(reference.Name.Last, column.Name))
            {
                return domain.Name.Last;
            }
        }

        return null;
    }

    private static TableEntry DropColumn(
        TableEntry table,
        CatalogObject type,
        string column,
        ExecutionContext context,
        SourcePosition position)
    {
        TableSchema schema = table.Schema;
        string? check = schema.Columns.Any(one => Dependencies.IsNamed(one.Name, column)
            && DomainOf(one, schema) is not null)
            ? schema.Checks.First(one => one.Sql == DomainRules.CheckSql(
                TypeDefinition.Of(type), column)).Name
            : null;
        if (check is not null)
        {
            table = context.Transaction.AlterTable(table, schema with
            {
                Checks = [.. schema.Checks.Where(one => one.Name != check)],
            });
        }

        context.Notices.Add($"The column {column} of {schema.Name} was dropped too.");
        return new TableAlteration(table, context).Apply(
            new TableChangeSyntax(TableChangeKind.DropColumn)
            {
                Name = new IdentifierSyntax(column, true) { Position = position },
                IsCascade = true,
            });
    }

    private static CatalogObject[] Users(CatalogObject type, CatalogView catalog) =>
        [.. catalog.Objects.Where(other => other.Kind == CatalogObjectKind.Type
            && !ReferenceEquals(other, type)
            && !Dependencies.IsNamed(other.Name, type.Name)
            && SqlText.Mentions(other.Sql, type.Name))];
}
