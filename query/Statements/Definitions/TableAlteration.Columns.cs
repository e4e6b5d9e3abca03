using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Columns that come and go.</summary>
internal sealed partial class TableAlteration
{
    private TableEntry AddColumn(TableChangeSyntax change)
    {
        ColumnDefinitionSyntax syntax = change.Column!;
        if (Schema.FindColumn(syntax.Name.Name) >= 0)
        {
            if (change.IsConditional)
            {
                context.Notices.Add(
                    $"Table {Schema.Name} has a column {syntax.Name.Name} already; nothing was "
                    + "added.");
                return table;
            }

            throw new NeuroStoreException(
                ErrorCode.DuplicateName,
                $"Table {Schema.Name} has a column {syntax.Name.Name} already.",
                syntax.Position);
        }

        var binder = new Binder(Transaction.Catalog, [], context.Notices);
        TableSchema added = SchemaBuilder.Extend(Schema, syntax, binder, out var sequences);
        SchemaBuilder.Create(sequences, context, syntax.Position);
        ModelUse.Keep(
            added with { Columns = [added.Columns[Schema.Columns.Count]] }, Transaction);
        ColumnSchema column = added.Columns[Schema.Columns.Count];
        bool isAsync = AnswerColumns.IsAsync(added, Schema.Columns.Count);
        bool isEmpty = IsEmpty;
        bool isKey = added.Keys.Count > Schema.Keys.Count;
        bool isWritten = isKey || added.IdentityOrdinal != Schema.IdentityOrdinal
            || (column.GeneratedSql is not null && !isAsync) || Transaction.HasPending(table);
        Expression initial = InsertBinder.BindDefault(
            column, new Binder(Transaction.Catalog, [], context.Notices));
        isWritten |= !isEmpty && initial.Any(static part => !part.IsDeterministic);
        TableEntry altered;
        if (isWritten)
        {
            var values = new Dictionary<int, string>();
            if (column.DefaultSql is { } text && column.GeneratedSql is null)
            {
                values.Add(Schema.Columns.Count, text);
            }

            altered = TableRewrite.Run(table, added, values, context);
        }
        else
        {
            altered = AddAtOnce(added, initial, isEmpty);
        }

        new TableAlteration(altered, context).CheckAdded(Schema, added);
        return altered;
    }

    // Rows that are there have the value of now, whatever the default will be later.
    private TableEntry AddAtOnce(TableSchema added, Expression initial, bool isEmpty)
    {
        int ordinal = Schema.Columns.Count;
        ColumnSchema column = added.Columns[ordinal];
        if (!isEmpty)
        {
            column = column with { Initial = Conditions.ValueOf(initial, context) };
            if (!column.IsNullable && column.Initial.IsNull)
            {
                throw new ConstraintException(
                    ErrorCode.NotNullViolation,
                    $"Table {Schema.Name} has rows, and a new column {column.Name} without a "
                    + "default would be NULL in them; give it a DEFAULT.");
            }
        }
        else
        {
            Transaction.GuardRows(table);
        }

        added = AnswerColumns.Replace(added, ordinal, column);
        if (AnswerColumns.Find(added, ordinal) is { Note: >= 0 } feature)
        {
            context.Answers.Arm();
            added = AnswerColumns.Replace(added, feature.Note, AnswerColumns.NoteOf(
                ordinal, isAsync: true, Value.Of(-context.NowMicroseconds)));
        }

        return Transaction.AlterTable(table, added);
    }

    private void CheckAdded(TableSchema before, TableSchema after)
    {
        foreach (CheckSchema check in after.Checks.Skip(before.Checks.Count))
        {
            RequireChecked(check);
        }

        foreach (ForeignKeySchema key in after.ForeignKeys.Skip(before.ForeignKeys.Count))
        {
            RequireReferences(key, default);
        }
    }

    private TableEntry DropColumn(TableChangeSyntax change)
    {
        IdentifierSyntax name = change.Name!;
        if (change.IsConditional && Schema.FindColumn(name.Name) < 0)
        {
            context.Notices.Add(
                $"Table {Schema.Name} has no column {name.Name}; nothing was dropped.");
            return table;
        }

        int ordinal = SchemaLookup.Ordinal(Schema, name);
        string column = Schema.Columns[ordinal].Name;
        if (Schema.Columns.Count(static one => !one.IsUnseen) == 1)
        {
            throw new NeuroStoreException(
                ErrorCode.NotSupported,
                $"{column} is the only column of {Schema.Name}; drop the table instead.",
                name.Position);
        }

        CheckDrop(ordinal, change);
        foreach (IndexEntry index in Transaction.Catalog.IndexesOf(table))
        {
            if (index.Schema.Ordinals.Contains(ordinal)
                || index.Schema.Ordinals.Any(own => IsKeyOf(Schema.Columns[own], column)))
            {
                Transaction.DropIndex(index);
            }
        }

        TableSchema without = Without(ordinal);
        TableEntry altered = without.Keys.Count < Schema.Keys.Count
            || without.IdentityOrdinal != Schema.IdentityOrdinal
            ? TableRewrite.Run(table, without, NoValues, context)
            : Alter(without);
        Dependencies.CheckViews(Schema.Name, context, name.Position);
        return altered;
    }

    private void CheckDrop(int ordinal, TableChangeSyntax change)
    {
        string column = Schema.Columns[ordinal].Name;
        ColumnSchema? generated = Schema.Columns.FirstOrDefault(one =>
            one.GeneratedSql is { } sql && SqlText.Mentions(sql, column)
            && !IndexKeyColumns.IsOne(one));
        if (generated is not null)
        {
            throw Dependencies.Refused(
                $"the generated column {generated.Name} reads {column}", change.Position);
        }

        foreach (TableEntry other in Dependencies.ReferencesTo(table, Transaction.Catalog))
        {
            foreach (ForeignKeySchema key in other.Schema.ForeignKeys)
            {
                if (Dependencies.IsNamed(key.Table, Schema.Name)
                    && ParentKey.Of(key, Transaction.Catalog, change.Position)
                        .Ordinals.Contains(ordinal))
                {
                    throw Dependencies.Refused(
                        $"a foreign key of table {other.Schema.Name} refers to {column}",
                        change.Position);
                }
            }
        }
    }

    // Whether a column belongs to an index over an expression that reads another one.
    private static bool IsKeyOf(ColumnSchema column, string read) =>
        IndexKeyColumns.IsOne(column) && SqlText.Mentions(column.GeneratedSql!, read);

    private TableSchema Without(int ordinal)
    {
        string column = Schema.Columns[ordinal].Name;
        TableSchema rest = AnswerColumns.Without(Schema, ordinal);
        for (int i = 0; i < Schema.Columns.Count; i++)
        {
            if (IsKeyOf(Schema.Columns[i], column))
            {
                rest = AnswerColumns.Replace(rest, i, AnswerColumns.Dropped(rest, i));
            }
        }

        return AnswerColumns.Replace(rest, ordinal, AnswerColumns.Dropped(rest, ordinal)) with
        {
            Keys = [.. Schema.Keys.Where(key => !key.Ordinals.Contains(ordinal))],
            Checks = [.. Schema.Checks.Where(check => !SqlText.Mentions(check.Sql, column))],
            ForeignKeys = [.. Schema.ForeignKeys.Where(key => !key.Ordinals.Contains(ordinal))],
            IdentityOrdinal = Schema.IdentityOrdinal == ordinal ? -1 : Schema.IdentityOrdinal,
        };
    }
}
