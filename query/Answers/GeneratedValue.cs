namespace NeuroDb.Query;

/// <summary>How the value of a generated column comes into a row that is stored.</summary>
/// <param name="Ordinal">The place of the column.</param>
/// <param name="Value">Its value, over the row.</param>
/// <param name="Reads">
/// The places of the columns that it is made of, and of those that generated ones of them are.
/// </param>
/// <param name="Note">The place of the note beside it, or -1.</param>
/// <param name="IsAsync">Whether the row is stored without it.</param>
internal sealed record GeneratedValue(
    int Ordinal, Expression Value, int[] Reads, int Note, bool IsAsync)
{
    /// <summary>
    /// The generated columns of a table, bound to its rows, each behind those that it is made of.
    /// </summary>
    public static GeneratedValue[] AllOf(
        TableSchema schema, LogicalScan row, Scope scope, Binder binder, Planner planner)
    {
        var values = new List<GeneratedValue>();
        for (int i = 0; i < schema.Columns.Count; i++)
        {
            ColumnSchema column = schema.Columns[i];
            if (column.GeneratedSql is null || AnswerColumns.IsNote(column))
            {
                continue;
            }

            Expression value = TableWriter.BindGenerated(column, binder, scope);
            AnswerColumn? feature = AnswerColumns.Find(schema, i);
            values.Add(new GeneratedValue(
                i,
                planner.Resolve(value, row.Output),
                ReadBy(value, row),
                feature?.Note ?? -1,
                feature?.IsAsync ?? false));
        }

        return values.Count > 1 ? InOrder(values, schema) : [.. values];
    }

    /// <summary>
    /// Puts the value, or that it is asked for, into rows, unless what it is made of stays.
    /// </summary>
    /// <param name="columns">The columns of the rows, of which this one is replaced.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="changed">The places of the columns that change; null for all.</param>
    /// <param name="context">The execution.</param>
    public void Complete(
        ColumnBuffer[] columns,
        RowBatch rows,
        IReadOnlySet<int>? changed,
        ExecutionContext context)
    {
        if (changed is not null && !changed.Contains(Ordinal) && !Array.Exists(
            Reads, changed.Contains))
        {
            return;
        }

        columns[Ordinal] = IsAsync
            ? ColumnBuffer.Constant(Value.Type, NeuroDb.Value.Null, rows.Count)
            : Value.Evaluate(new RowBatch(columns, rows.Count), context);
        if (Note >= 0)
        {
            columns[Note] = ColumnBuffer.Constant(
                DataType.BigInt,
                NeuroDb.Value.Of(IsAsync ? -context.NowMicroseconds : AnswerColumns.Made),
                rows.Count);
        }
    }

    private static GeneratedValue[] InOrder(List<GeneratedValue> values, TableSchema schema)
    {
        var ordered = new List<GeneratedValue>(values.Count);
        while (values.Count > 0)
        {
            int next = values.FindIndex(value => !values.Exists(
                other => Array.IndexOf(value.Reads, other.Ordinal) >= 0));
            if (next < 0)
            {
                throw new NeuroStoreException(
                    ErrorCode.GeneratedColumn,
                    $"The column {schema.Columns[values[0].Ordinal].Name} is generated of itself, "
                    + "by way of other generated columns.");
            }

            GeneratedValue value = values[next];
            values.RemoveAt(next);
            ordered.Add(value with
            {
                Reads =
                [
                    .. value.Reads.Union(ordered
                        .Where(other => Array.IndexOf(value.Reads, other.Ordinal) >= 0)
                        .SelectMany(static other => other.Reads)),
                ],
            });
        }

        return [.. ordered];
    }

    private static int[] ReadBy(Expression value, LogicalScan row)
    {
        var reads = new HashSet<int>();
        value.Any(part =>
        {
            if (part is ColumnExpression column)
            {
                reads.Add(row.Columns.Single(one => one.Column.Id == column.Id).Ordinal);
            }

            return false;
        });
        return [.. reads];
    }
}
