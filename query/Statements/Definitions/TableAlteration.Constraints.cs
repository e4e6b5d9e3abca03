using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Constraints that come and go.</summary>
internal sealed partial class TableAlteration
{
    private TableEntry AddConstraint(ConstraintSyntax constraint)
    {
        var binder = new Binder(Transaction.Catalog, [], context.Notices);
        TableSchema added = SchemaBuilder.Extend(Schema, constraint, binder);
        if (added.Keys.Count > Schema.Keys.Count)
        {
            return TableRewrite.Run(table, added, NoValues, context);
        }

        CheckAdded(Schema, added);
        return Alter(added);
    }

    private void RequireChecked(CheckSchema check) => RequireNone(
        $"NOT ({check.Sql})",
        ErrorCode.CheckViolation,
        $"A row of table {Schema.Name} fails the check '{check.Name}': {check.Sql}.");

    private void RequireReferences(ForeignKeySchema key, SourcePosition position)
    {
        ParentKey parent = ParentKey.Of(key, Transaction.Catalog, position);
        string[] own = [.. key.Ordinals.Select(i => SqlText.Quote(Schema.Columns[i].Name))];
        string[] other =
        [
            .. parent.Ordinals.Select(i => SqlText.Quote(parent.Table.Schema.Columns[i].Name)),
        ];
        string isGiven = string.Join(" AND ", own.Select(static name => $"c.{name} IS NOT NULL"));
        string isSame = string.Join(
            " AND ", own.Zip(other, static (left, right) => $"p.{right} = c.{left}"));
        bool isMissing = InternalQuery.Any(
            $"SELECT 1 FROM {SqlText.Quote(Schema.Name)} c WHERE {isGiven} AND NOT EXISTS (SELECT "
            + $"1 FROM {SqlText.Quote(parent.Table.Schema.Name)} p WHERE {isSame}) LIMIT 1",
            context);
        if (isMissing)
        {
            throw new ConstraintException(
                ErrorCode.ForeignKeyViolation,
                $"A row of table {Schema.Name} refers to a row that table {key.Table} does not "
                + $"have (constraint {key.Name}). Nothing was changed.");
        }

        Transaction.GuardRows(table);
        if (!ReferenceEquals(parent.Table, table))
        {
            Transaction.GuardRows(parent.Table);
        }
    }

    private TableEntry DropConstraint(TableChangeSyntax change)
    {
        string name = change.Name!.Name;
        bool IsIt(string other) => Dependencies.IsNamed(other, name);
        KeySchema? key = Schema.Keys.FirstOrDefault(one => IsIt(one.Name));
        if (key is not null)
        {
            return DropKey(key, change);
        }

        TableSchema without = Schema with
        {
            Checks = [.. Schema.Checks.Where(check => !IsIt(check.Name))],
            ForeignKeys = [.. Schema.ForeignKeys.Where(one => !IsIt(one.Name))],
        };
        if (without.Checks.Count < Schema.Checks.Count
            || without.ForeignKeys.Count < Schema.ForeignKeys.Count)
        {
            return Alter(without);
        }

        if (!change.IsConditional)
        {
            throw UnknownConstraint(change.Name!);
        }

        context.Notices.Add(
            $"Table {Schema.Name} has no constraint {name}; nothing was dropped.");
        return table;
    }

    private TableEntry DropKey(KeySchema key, TableChangeSyntax change)
    {
        foreach (TableEntry other in
            Dependencies.ReferencesTo(table, Transaction.Catalog).Append(table))
        {
            ForeignKeySchema[] kept = [.. other.Schema.ForeignKeys.Where(one =>
                !Dependencies.IsNamed(one.Table, Schema.Name)
                || !ParentKey.Of(one, Transaction.Catalog, change.Position).Ordinals
                    .Order().SequenceEqual(key.Ordinals.Order()))];
            if (kept.Length == other.Schema.ForeignKeys.Count)
            {
                continue;
            }

            if (!change.IsCascade)
            {
                throw Dependencies.Refused(
                    $"a foreign key of table {other.Schema.Name} refers to it", change.Position);
            }

            TableEntry altered = Transaction.AlterTable(
                other, other.Schema with { ForeignKeys = kept });
            table = ReferenceEquals(other, table) ? altered : table;
        }

        bool hasIdentity = key.IsPrimary && key.Ordinals is [int only]
            && only == Schema.IdentityOrdinal
            && Schema.Columns[only].Identity == ColumnIdentity.None;
        return TableRewrite.Run(
            table,
            Schema with
            {
                Keys = [.. Schema.Keys.Where(one => !ReferenceEquals(one, key))],
                IdentityOrdinal = hasIdentity ? -1 : Schema.IdentityOrdinal,
            },
            NoValues,
            context);
    }

    private TableEntry RenameConstraint(TableChangeSyntax change)
    {
        string name = change.Name!.Name;
        string newName = change.NewName!.Name;
        IEnumerable<string> names = Schema.Keys.Select(static key => key.Name)
            .Concat(Schema.Checks.Select(static check => check.Name))
            .Concat(Schema.ForeignKeys.Select(static key => key.Name));
        if (!names.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            throw UnknownConstraint(change.Name!);
        }

        if (names.Contains(newName, StringComparer.OrdinalIgnoreCase))
        {
            throw Exists($"a constraint {newName}", change.Position);
        }

        string Renamed(string other) => Dependencies.IsNamed(other, name) ? newName : other;
        return Alter(Schema with
        {
            Keys = [.. Schema.Keys.Select(key => key with { Name = Renamed(key.Name) })],
            Checks = [.. Schema.Checks.Select(
                check => check with { Name = Renamed(check.Name) })],
            ForeignKeys = [.. Schema.ForeignKeys.Select(
                key => key with { Name = Renamed(key.Name) })],
        });
    }

    private NeuroStoreException UnknownConstraint(IdentifierSyntax name) => new(
        ErrorCode.UnknownObject,
        $"Table {Schema.Name} has no constraint {name.Name}.",
        name.Position);
}
