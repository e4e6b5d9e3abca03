using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Columns that ask a model, and their version.</summary>
internal sealed partial class TableAlteration
{
    private TableEntry SetModel(TableChangeSyntax change)
    {
        int ordinal = SchemaLookup.Ordinal(Schema, change.Name!);
        AnswerColumn column = AnswerOf(ordinal, change);
        ModelVersionInfo version = ModelLookup.Find(change.Model!, Transaction.Catalog);
        TableSchema without = AnswerColumns.WithoutNext(Schema, ordinal);
        if (version.Number == column.Version)
        {
            bool isGivenUp = !ReferenceEquals(without, Schema);
            context.Notices.Add(isGivenUp
                ? $"The column {change.Name!.Name} stays with version {column.Version}."
                : $"The column {change.Name!.Name} is of version {column.Version} already; "
                + "nothing was changed.");
            return isGivenUp ? Alter(without) : table;
        }

        ModelUse.Keep(change.Model!.Name.Last, version, Transaction);
        bool isImmediate = change.IsImmediate || IsEmpty || Transaction.HasPending(table)
            || Transaction.IsTemporary(table);
        return isImmediate
            ? Refresh(without, column, version.Number)
            : Begin(without, column, version.Number, change.Position);
    }

    private AnswerColumn AnswerOf(int ordinal, TableChangeSyntax change)
    {
        string name = change.Name!.Name;
        AnswerColumn column = AnswerColumns.Find(Schema, ordinal)
            ?? throw new NeuroStoreException(
                ErrorCode.GeneratedColumn,
                $"The column {name} is not GENERATED of the answers of one version of a model, so "
                + "it has no model to set.",
                change.Position);
        return Dependencies.IsNamed(column.Model, change.Model!.Name.Last)
            ? column
            : throw new NeuroStoreException(
                ErrorCode.GeneratedColumn,
                $"The column {name} is made by {column.Model}, and takes other versions of that "
                + "model only. For another model add a column and drop this one.",
                change.Model.Position);
    }

    // All rows at once: the commit fails if somebody changes one of them meanwhile.
    private TableEntry Refresh(TableSchema without, AnswerColumn column, int version)
    {
        ColumnSchema definition = Schema.Columns[column.Ordinal];
        TableSchema schema = AnswerColumns.Replace(without, column.Ordinal, definition with
        {
            GeneratedSql = ModelText.WithVersion(definition.GeneratedSql!, version),
        });
        if (Transaction.HasPending(table))
        {
            return TableRewrite.Run(table, schema, NoValues, context);
        }

        TableEntry altered = Transaction.AlterTable(table, schema);
        var rows = new AnswerRows(altered, column with { Version = version }, context);
        if (rows.ReadAll() is { } all)
        {
            rows.Write(all);
        }

        Transaction.GuardRows(altered);
        return altered;
    }

    // The new values are made beside the old ones, which go on answering until all are there.
    private TableEntry Begin(
        TableSchema without, AnswerColumn column, int version, SourcePosition position)
    {
        if (!Schema.Columns[column.Ordinal].IsNullable
            || Schema.Keys.Any(key => key.Ordinals.Contains(column.Ordinal))
            || Schema.ForeignKeys.Any(key => key.Ordinals.Contains(column.Ordinal)))
        {
            throw new NeuroStoreException(
                ErrorCode.GeneratedColumn,
                "A column that is NOT NULL or part of a key cannot be made anew beside itself; "
                + "write REFRESH NOW.",
                position);
        }

        ColumnSchema definition = Schema.Columns[column.Ordinal];
        int place = without.Columns.Count;
        context.Answers.Arm();
        return Transaction.AlterTable(table, without with
        {
            Columns =
            [
                .. without.Columns,
                AnswerColumns.NextOf(definition, column.Ordinal, version),
                AnswerColumns.NoteOf(
                    place, column.IsAsync, Value.Of(-context.NowMicroseconds)),
            ],
        });
    }

    private void RequireNoNext(int ordinal, TableChangeSyntax change)
    {
        if (AnswerColumns.NextOf(Schema, ordinal) is { } next)
        {
            throw new NeuroStoreException(
                ErrorCode.GeneratedColumn,
                $"The column {change.Name!.Name} is being made anew with version {next.Version}; "
                + "wait for that, or give it up by SET MODEL with the version it has.",
                change.Position);
        }
    }

    private void RequireNotAsync(int ordinal, TableChangeSyntax change)
    {
        RequireNoNext(ordinal, change);
        if (AnswerColumns.IsAsync(Schema, ordinal))
        {
            throw new NeuroStoreException(
                ErrorCode.GeneratedColumn,
                $"The column {change.Name!.Name} is ASYNC, so that rows are stored without its "
                + "value: it cannot be NOT NULL.",
                change.Position);
        }
    }
}
