using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The relation neuro.embedding_lag: the generated columns that ask models, and how far behind
/// their rows they are.
/// </summary>
internal static class AnswerLag
{
    private const double MicrosecondsPerSecond = 1e6;

    /// <summary>Its columns.</summary>
    public static readonly (string Name, DataType Type)[] Columns =
    [
        ("table_name", DataType.Text), ("column_name", DataType.Text), ("model", DataType.Text),
        ("version", DataType.Integer), ("next_version", DataType.Integer),
        ("is_async", DataType.Boolean), ("pending_rows", DataType.BigInt),
        ("oldest_seconds", DataType.Double), ("last_error", DataType.Text),
    ];

    /// <summary>One row for each column.</summary>
    public static IEnumerable<Value[]> Rows(ExecutionContext context) =>
        from table in SystemRelations.TablesOf(context)
        where table.Schema.Columns.Any(static column => column.GeneratedSql is not null)
        from column in AnswerColumns.Of(table.Schema)
        where !column.IsNext
        select RowOf(table, column, context);

    private static Value[] RowOf(
        TableEntry table, AnswerColumn column, ExecutionContext context)
    {
        AnswerColumn? next = AnswerColumns.NextOf(table.Schema, column.Ordinal);
        (long count, long since) = AnswerRows.Count(
            table, column, context, long.MaxValue);
        string? error = context.Answers.Problems.ErrorOf(table.Id, column.Ordinal);
        if (next is not null)
        {
            (long more, long sinceNext) = AnswerRows.Count(
                table, next, context, long.MaxValue);
            since = count == 0 || (more > 0 && sinceNext < since) ? sinceNext : since;
            count += more;
            error = context.Answers.Problems.ErrorOf(table.Id, next.Ordinal) ?? error;
        }

        return
        [
            Value.Of(table.Schema.Name), Value.Of(table.Schema.Columns[column.Ordinal].Name),
            Value.Of(column.Model), Value.Of(column.Version),
            next is null ? Value.Null : Value.Of(next.Version), Value.Of(column.IsAsync),
            Value.Of(count),
            count == 0
                ? Value.Null
                : Value.Of((context.NowMicroseconds - since) / MicrosecondsPerSecond),
            SystemRelations.Text(error),
        ];
    }
}
