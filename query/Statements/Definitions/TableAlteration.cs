using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// One change of ALTER TABLE. Where rows stay as they are, only the definition changes; where keys
/// or types do, the rows are written anew. Constraints are added over rows that satisfy them.
/// </summary>
internal sealed partial class TableAlteration(TableEntry table, ExecutionContext context)
{
    private static readonly Dictionary<int, string> NoValues = [];

    private TableSchema Schema => table.Schema;

    private StorageTransaction Transaction => context.Transaction;

    /// <summary>Makes a change and gives the table after it.</summary>
    public TableEntry Apply(TableChangeSyntax change) => change.Kind switch
    {
        TableChangeKind.AddColumn => AddColumn(change),
        TableChangeKind.AddConstraint => AddConstraint(change.Constraint!),
        TableChangeKind.DropColumn => DropColumn(change),
        TableChangeKind.DropConstraint => DropConstraint(change),
        TableChangeKind.RenameTable => RenameTable(change.Name!),
        TableChangeKind.RenameColumn => RenameColumn(change.Name!, change.NewName!),
        TableChangeKind.RenameConstraint => RenameConstraint(change),
        TableChangeKind.SetType => SetType(change),
        TableChangeKind.SetModel => SetModel(change),
        _ => ChangeColumn(change),
    };

    private TableEntry Alter(TableSchema schema) => Transaction.HasPending(table)
        ? TableRewrite.Run(table, schema, NoValues, context)
        : Transaction.AlterTable(table, schema);

    private TableSchema With(int ordinal, ColumnSchema column)
    {
        ColumnSchema[] columns = [.. Schema.Columns];
        columns[ordinal] = column;
        return Schema with { Columns = columns };
    }

    private bool IsEmpty => !InternalQuery.Any(
        $"SELECT 1 FROM {SqlText.Quote(Schema.Name)} LIMIT 1", context);

    private NeuroStoreException Exists(string what, SourcePosition position) => new(
        ErrorCode.ObjectExists, $"Table {Schema.Name} has {what} already.", position);

    private TableEntry ChangeColumn(TableChangeSyntax change)
    {
        int ordinal = SchemaLookup.Ordinal(Schema, change.Name!);
        ColumnSchema column = Schema.Columns[ordinal];
        switch (change.Kind)
        {
            case TableChangeKind.SetDefault:
                ColumnSchema changed = column with { DefaultSql = change.ValueText };
                _ = InsertBinder.BindDefault(
                    changed, new Binder(Transaction.Catalog, [], context.Notices));
                return Alter(With(ordinal, changed));
            case TableChangeKind.DropDefault:
                return Alter(With(ordinal, column with { DefaultSql = null }));
            case TableChangeKind.DropExpression:
                return Alter(AnswerColumns.Replace(
                    AnswerColumns.Without(Schema, ordinal),
                    ordinal,
                    column with { GeneratedSql = null, IsVirtual = false }));
            case TableChangeKind.DropIdentity:
                return Alter(With(ordinal, column with { Identity = ColumnIdentity.None }));
            case TableChangeKind.DropNotNull:
                RequireNoPrimaryKey(ordinal, change);
                return Alter(With(ordinal, column with { IsNullable = true }));
            default:
                Invariant.Check(change.Kind == TableChangeKind.SetNotNull);
                RequireNotAsync(ordinal, change);
                RequireNone(
                    $"{SqlText.Quote(column.Name)} IS NULL",
                    ErrorCode.NotNullViolation,
                    $"The column {column.Name} holds NULLs, so it cannot be NOT NULL.");
                return Alter(With(ordinal, column with { IsNullable = false }));
        }
    }

    private void RequireNoPrimaryKey(int ordinal, TableChangeSyntax change)
    {
        if (Schema.Keys.Any(key => key.IsPrimary && key.Ordinals.Contains(ordinal)))
        {
            throw Dependencies.Refused(
                $"the column {change.Name!.Name} is part of the primary key", change.Position);
        }
    }

    // What is looked at here must stay so until the commit.
    private void RequireNone(string condition, ErrorCode code, string message)
    {
        if (InternalQuery.Any(
            $"SELECT 1 FROM {SqlText.Quote(Schema.Name)} WHERE {condition} LIMIT 1", context))
        {
            throw new ConstraintException(code, message + " Nothing was changed.");
        }

        Transaction.GuardRows(table);
    }

    private TableEntry SetType(TableChangeSyntax change)
    {
        int ordinal = SchemaLookup.Ordinal(Schema, change.Name!);
        ColumnSchema column = Schema.Columns[ordinal];
        RequireNoNext(ordinal, change);
        DataType type = TypeNames.Resolve(change.Type!, Transaction.Catalog);
        if (TypeDefinition.FindDomain(change.Type!, Transaction.Catalog) is not null)
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                "A column becomes one of a domain when it is added; add one, copy the values, "
                + "and drop this one.",
                change.Position);
        }

        string? collation = change.Collation is null
            ? column.Collation
            : SchemaBuilder.CollationOf(change.Collation);
        type = SchemaBuilder.WithCollation(type, collation);
        ColumnSchema changed = column with
        {
            Type = type, Collation = collation, Typing = ColumnTyping.Declared,
        };
        TableEntry altered;
        if (type == column.Type && change.Value is null)
        {
            altered = Alter(With(ordinal, changed));
        }
        else
        {
            changed = changed with { Initial = Value.Null };
            _ = InsertBinder.BindDefault(
                changed, new Binder(Transaction.Catalog, [], context.Notices));
            string value = change.ValueTextOr(SqlText.Quote(column.Name));
            altered = TableRewrite.Run(
                table,
                With(ordinal, changed),
                new Dictionary<int, string> { [ordinal] = value },
                context);
        }

        Dependencies.CheckViews(Schema.Name, context, change.Position);
        return altered;
    }

    private TableEntry RenameTable(IdentifierSyntax newName)
    {
        CatalogView catalog = Transaction.Catalog;
        string old = Schema.Name;
        string name = SchemaNames.Beside(old, newName.Name, catalog);
        bool isSame = Dependencies.IsNamed(old, name);
        HiddenTables.CheckName(name, newName.Position);
        if (!isSame && (catalog.TryGetTable(name, out _)
            || catalog.TryGetObject(CatalogObjectKind.View, name, out _)))
        {
            throw new NeuroStoreException(
                ErrorCode.TableExists,
                $"A table or view {name} exists already.",
                newName.Position);
        }

        IReadOnlyList<CatalogObject> views = Dependencies.ViewsOver(old, catalog);
        IReadOnlyList<CatalogObject> triggers = Dependencies.TriggersOn(old, catalog);
        foreach (TableEntry other in Dependencies.ReferencesTo(table, catalog))
        {
            Transaction.AlterTable(other, RenamedReferences(other.Schema, old, name));
        }

        TableEntry altered = Alter(
            RenamedReferences(Schema, old, name) with { Name = name });
        foreach (CatalogObject value in views.Concat(triggers))
        {
            Transaction.PutObject(value with
            {
                Sql = SqlText.Rename(value.Sql, old, name),
            });
        }

        Comments.Rename("table", old, name, context);
        Dependencies.CheckViews(name, context, newName.Position);
        return altered;
    }

    private static TableSchema RenamedReferences(TableSchema schema, string old, string name) =>
        schema with
        {
            ForeignKeys = [.. schema.ForeignKeys.Select(key =>
                Dependencies.IsNamed(key.Table, old) ? key with { Table = name } : key)],
        };

    private TableEntry RenameColumn(IdentifierSyntax name, IdentifierSyntax newName)
    {
        int ordinal = SchemaLookup.Ordinal(Schema, name);
        SchemaBuilder.CheckName(newName);
        if (Schema.FindColumn(newName.Name) is int known && known >= 0 && known != ordinal)
        {
            throw new NeuroStoreException(
                ErrorCode.DuplicateName,
                $"Table {Schema.Name} has a column {newName.Name} already.",
                newName.Position);
        }

        string old = Schema.Columns[ordinal].Name;
        string? Renamed(string? sql) =>
            sql is null ? null : SqlText.Rename(sql, old, newName.Name);
        foreach (TableEntry other in Dependencies.ReferencesTo(table, Transaction.Catalog))
        {
            Transaction.AlterTable(other, RenamedColumns(other.Schema, old, newName.Name));
        }

        TableSchema schema = RenamedColumns(Schema, old, newName.Name) with
        {
            Columns = [.. Schema.Columns.Select((column, i) => column with
            {
                Name = i == ordinal ? newName.Name : column.Name,
                GeneratedSql = Renamed(column.GeneratedSql),
            })],
            Checks = [.. Schema.Checks.Select(
                check => check with { Sql = Renamed(check.Sql)! })],
        };
        TableEntry altered = Alter(schema);
        Comments.RenameColumn(Schema.Name, old, newName.Name, context);
        Dependencies.CheckViews(Schema.Name, context, name.Position);
        return altered;
    }

    private TableSchema RenamedColumns(TableSchema schema, string old, string name) => schema with
    {
        ForeignKeys = [.. schema.ForeignKeys.Select(key =>
            Dependencies.IsNamed(key.Table, Schema.Name)
                ? key with
                {
                    Columns = [.. key.Columns.Select(
                        column => Dependencies.IsNamed(column, old) ? name : column)],
                }
                : key)],
    };
}
