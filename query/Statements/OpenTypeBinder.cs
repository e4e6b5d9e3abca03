using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Binds statements and lets columns that have no type take that of the values.</summary>
internal static class OpenTypeBinder
{
    /// <summary>The statement bound after its columns are changed.</summary>
    /// <param name="statement">The statement.</param>
    /// <param name="nulls">Where NULLs stand in its orders.</param>
    /// <param name="open">What its values ask for.</param>
    /// <param name="context">The transaction and the parameters.</param>
    public static BoundVariant Bind(
        PreparedStatement statement,
        NullPlacement nulls,
        OpenTypeException open,
        ExecutionContext context)
    {
        while (true)
        {
            Take(open.Changes, context);
            try
            {
                BoundVariant bound = statement.Bind(
                    context.Transaction.Catalog, context.Parameters, nulls);
                return bound with { Notices = [.. context.Notices.Texts, .. bound.Notices] };
            }
            catch (OpenTypeException next)
            {
                open = next;
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
