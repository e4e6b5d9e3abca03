using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Puts the values of another version in the place of those of a column: the definition changes,
/// and no row does. The old place is given up, and indexes are made anew over the new one.
/// </summary>
internal static class AnswerSwitch
{
    /// <summary>Makes the switch.</summary>
    public static void Run(
        TableEntry table, AnswerColumn next, StorageTransaction transaction)
    {
        Invariant.Check(next.IsNext);
        IndexSchema[] indexes = [.. transaction.Catalog.IndexesOf(table)
            .Select(static index => index.Schema)
            .Where(index => index.Ordinals.Contains(next.Shown))];
        foreach (IndexSchema index in indexes)
        {
            transaction.Catalog.TryGetIndex(index.Name, out IndexEntry known);
            transaction.DropIndex(known);
        }

        TableEntry altered = transaction.AlterTable(table, Switched(table.Schema, next));
        foreach (IndexSchema index in indexes)
        {
            transaction.CreateIndex(index with
            {
                TableId = altered.Id,
                Columns = [.. index.Columns.Select(column => column.Ordinal == next.Shown
                    ? column with { Ordinal = next.Ordinal }
                    : column)],
            });
        }
    }

    private static TableSchema Switched(TableSchema schema, AnswerColumn next)
    {
        ColumnSchema shown = schema.Columns[next.Shown];
        string sql = schema.Columns[next.Ordinal].GeneratedSql!;
        AnswerColumn? old = AnswerColumns.Find(schema, next.Shown);
        Invariant.Check(old is not null);
        schema = AnswerColumns.WithoutNote(schema, old);
        schema = next.IsAsync ? schema : AnswerColumns.WithoutNote(schema, next);
        schema = AnswerColumns.Replace(
            schema,
            next.Shown,
            AnswerColumns.Dropped(schema, next.Shown, movedTo: next.Ordinal));
        return AnswerColumns.Replace(schema, next.Ordinal, shown with
        {
            GeneratedSql = sql,
            Initial = Value.Null,
        });
    }
}
