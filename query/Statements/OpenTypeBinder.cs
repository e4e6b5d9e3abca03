using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Binds statements and lets columns that have no type take that of the values.</summary>
internal static class OpenTypeBinder
{
    /// <summary>The statement bound for a transaction, in which it may change columns first.
    /// </summary>
    /// <param name="statement">The statement.</param>
    /// <param name="parameters">The values of its parameters.</param>
    /// <param name="nulls">Where NULLs stand in its orders.</param>
    /// <param name="transaction">The transaction.</param>
    /// <param name="begin">
    /// Is called before the first change; gives the context in which columns are changed.
    /// </param>
    public static BoundVariant Bind(
        PreparedStatement statement,
        Value[] parameters,
        NullPlacement nulls,
        StorageTransaction transaction,
        Func<ExecutionContext> begin)
    {
        ExecutionContext? context = null;
        while (true)
        {
            try
            {
                BoundVariant bound = statement.Bind(transaction.Catalog, parameters, nulls);
                return context is null
                    ? bound
                    : bound with { Notices = [.. context.Notices.Texts, .. bound.Notices] };
            }
            catch (OpenTypeException open)
            {
                context ??= begin();
                Take(open.Changes, context);
            }
        }
    }

    private static void Take(IReadOnlyList<OpenTypeChange> changes, ExecutionContext context)
    {
        foreach (var group in changes.GroupBy(static change => change.Table))
        {
            TableEntry table = group.Key;
            ColumnSchema[] columns = [.. table.Schema.Columns];
            var values = new Dictionary<int, string>();
            foreach (OpenTypeChange change in group)
            {
                ColumnSchema column = columns[change.Ordinal];
                columns[change.Ordinal] = column with
                {
                    Type = SchemaBuilder.WithCollation(change.Type, column.Collation),
                    Typing = ColumnTyping.Taken,
                    Initial = Value.Null,
                };
                values[change.Ordinal] = SqlText.Quote(column.Name);
                context.Notices.Add(
                    $"The column {column.Name} of {table.Schema.Name} is declared without a type; "
                    + $"its values make it {change.Type}.");
            }

            TableRewrite.Run(table, table.Schema with { Columns = columns }, values, context);
        }
    }
}
