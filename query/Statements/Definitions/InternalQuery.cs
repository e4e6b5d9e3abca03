namespace NeuroDb.Query;

/// <summary>
/// Runs statements that the engine itself writes, over the catalog and rows that a transaction sees
/// at that moment.
/// </summary>
internal static class InternalQuery
{
    /// <summary>All rows of a query, or null if there are none.</summary>
    public static RowBatch? Rows(string sql, ExecutionContext context) =>
        BatchJoiner.ReadAll(Plan(sql, context), context);

    /// <summary>Whether a query gives a row.</summary>
    public static bool Any(string sql, ExecutionContext context)
    {
        using BatchCursor cursor = Plan(sql, context).Open(context);
        return cursor.Next() is not null;
    }

    /// <summary>The plan of a query.</summary>
    public static PlanNode Plan(string sql, ExecutionContext context)
    {
        var syntax = (SelectStatementSyntax)SqlParser.Parse(sql)[0];
        var binder = new Binder(
            context.Transaction.Catalog,
            BoundVariant.TypesOf(context.Parameters),
            new NoticeList());
        return new Planner(binder.Identifiers).Plan(binder.BindQuery(syntax.Query));
    }
}
