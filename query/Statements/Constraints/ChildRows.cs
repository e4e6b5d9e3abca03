using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>Finds the rows that refer to some keys, all at once.</summary>
internal static class ChildRows
{
    /// <summary>
    /// The rows with their addresses first and then all columns of the table; null if there are
    /// none.
    /// </summary>
    public static RowBatch? Find(
        TableEntry child,
        ForeignKeySchema key,
        IReadOnlyList<Value[]> keys,
        ExecutionContext context)
    {
        Invariant.Check(keys.Count > 0);
        var binder = new Binder(context.Transaction.Catalog, [], new NoticeList());
        LogicalScan scan = binder.Scan(child, null, withRowAddress: true);
        LogicalNode rows = keys.Count == 1
            ? new LogicalFilter(scan, ExpressionFactory.And([.. key.Ordinals.Select((ordinal, i) =>
                Equal(scan, ordinal, new ConstantExpression(
                    keys[0][i], child.Schema.Columns[ordinal].Type)))]))
            : Join(scan, child, key, keys, binder);
        OutputColumn address = scan.Output[^1];
        LogicalNode wanted = LogicalProject.Of(rows, [address, .. scan.Output.SkipLast(1)]);
        PlanNode plan = new Planner(binder.Identifiers).Plan(wanted);
        RowBatch? found = BatchJoiner.ReadAll(plan, context);
        context.Profile?.Note(
            new ChangeLookup(ChangeLookupPurpose.Referencing, child.Schema.Name, key.Name),
            keys.Count,
            found?.Count ?? 0,
            Scans(plan) ? " by a scan" : " by lookup");
        return found;
    }

    /// <summary>Where the columns of a foreign key are in the rows found.</summary>
    public static int[] Places(ForeignKeySchema key) =>
        [.. key.Ordinals.Select(static ordinal => ordinal + 1)];

    /// <summary>
    /// By what the rows are found where that is less work than to read the table; for EXPLAIN.
    /// </summary>
    public static string Describe(
        TableEntry child, ForeignKeySchema key, CatalogView catalog)
    {
        TableSchema schema = child.Schema;
        string columns = string.Join(", ", key.Ordinals.Select(i => schema.Columns[i].Name));
        if (schema.Keys.FirstOrDefault(one => one.Ordinals.All(key.Ordinals.Contains)) is { } own)
        {
            string kind = own.IsPrimary ? "primary key" : "unique key";
            return $"batched lookup of {schema.Name}, {kind}: {columns}";
        }

        IndexEntry? index = catalog.IndexesOf(child)
            .Where(one => one.Schema.Kind == IndexKind.Learned
                && key.Ordinals.Contains(one.Schema.Ordinals[0]))
            .MaxBy(one => one.Schema.Ordinals.TakeWhile(key.Ordinals.Contains).Count());
        return index is null
            ? $"scan of {schema.Name}, which has no index on {columns}"
            : $"batched lookup of {schema.Name}, index {index.Schema.Name}: {columns}";
    }

    private static bool Scans(PlanNode plan) =>
        plan is TableScan || plan.Children.Any(Scans);

    private static LogicalJoin Join(
        LogicalScan scan,
        TableEntry child,
        ForeignKeySchema key,
        IReadOnlyList<Value[]> keys,
        Binder binder)
    {
        OutputColumn[] columns = [.. key.Ordinals.Select((ordinal, i) =>
            binder.Identifiers.NewColumn(
                $"key {i + 1}", child.Schema.Columns[ordinal].Type, false))];
        var values = new LogicalValues(columns, [.. keys.Select(values => values
            .Select((value, i) => (Expression)new ConstantExpression(value, columns[i].Type))
            .ToArray())]);
        return new LogicalJoin(
            JoinKind.Inner,
            scan,
            values,
            ExpressionFactory.And([.. key.Ordinals.Select((ordinal, i) => Equal(
                scan,
                ordinal,
                new ColumnExpression(columns[i].Id, columns[i].Name, columns[i].Type)))]));
    }

    private static Expression Equal(LogicalScan scan, int ordinal, Expression value)
    {
        OutputColumn column = scan.Output[ordinal];
        return ExpressionFactory.Binary(
            BinaryOperator.Equal,
            new ColumnExpression(column.Id, column.Name, column.Type),
            value,
            default);
    }
}
