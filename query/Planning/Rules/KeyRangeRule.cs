using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Reads through a primary or unique key of one whole-number, date or time column where a
/// condition bounds it, where rows are asked for in its order, so that nothing is sorted, and
/// where only its lowest or highest value is asked for.
/// </summary>
internal static class KeyRangeRule
{
    // A row by a key lies anywhere, one of a scan behind the other.
    private const double RowCostOverScan = 16;

    /// <summary>The plan with such reads replaced.</summary>
    public static LogicalNode Apply(LogicalNode plan) => plan.Rewrite(node => node switch
    {
        LogicalFilter { Input: LogicalScan scan } filter =>
            OfFilter(scan, filter)?.InPlaceOf(node) ?? node,
        LogicalSort sort => Ordered(sort.Input, sort.Keys, null, null) ?? node,
        LogicalTopK top => OfTopK(top) ?? node,
        LogicalAggregate aggregate => OfExtremes(aggregate) ?? node,
        _ => node,
    });

    private static LogicalKeyRange? OfFilter(LogicalScan scan, LogicalFilter filter)
    {
        var parts = new List<Expression>();
        Conjuncts.Split(filter.Condition, parts);
        for (int key = 0; key < scan.Table.Schema.Keys.Count; key++)
        {
            var range = new LogicalKeyRange(scan, key, parts, KeyRangeOrder.None);
            if (IsOrdered(scan, key) && parts.Any(part => range.BoundOf(part) is not null))
            {
                return range;
            }
        }

        return null;
    }

    private static LogicalLimit? OfTopK(LogicalTopK top) =>
        Ordered(top.Input, top.Keys, top.Limit, top.Offset) is { } ordered
            ? new LogicalLimit(ordered, top.Limit, top.Offset)
            : null;

    // Keys differ, so that what an order names behind the key decides nothing.
    private static LogicalNode? Ordered(
        LogicalNode node, IReadOnlyList<SortKey> keys, Expression? limit, Expression? offset)
    {
        if (node is LogicalProject project)
        {
            SortKey first = keys[0];
            ProjectedColumn? column = first.Expression is ColumnExpression sorted
                ? project.Columns.FirstOrDefault(item => item.Column.Id == sorted.Id)
                : null;
            return column is not null && Ordered(
                project.Input, [first with { Expression = column.Expression }], limit, offset)
                    is { } input
                ? project.WithChildren([input])
                : null;
        }

        if (!TrySource(node, out LogicalScan? scan, out IReadOnlyList<Expression> parts))
        {
            return null;
        }

        for (int key = 0; key < scan.Table.Schema.Keys.Count; key++)
        {
            var order = keys[0].IsDescending ? KeyRangeOrder.Descending : KeyRangeOrder.Ascending;
            var range = new LogicalKeyRange(scan, key, parts, order, limit, offset);
            if (IsOrdered(scan, key)
                && LogicalKeyRange.IsKey(keys[0].Expression, scan, key)
                && GivesAllRows(range)
                && IsCheap(range))
            {
                return range;
            }
        }

        return null;
    }

    private static LogicalNode? OfExtremes(LogicalAggregate aggregate)
    {
        if (aggregate.Keys.Count > 0 || aggregate.Firsts.Count > 0 || aggregate.Sets is not null
            || aggregate.Aggregates.Count == 0
            || !TrySource(aggregate.Input, out LogicalScan? scan, out var parts))
        {
            return null;
        }

        for (int key = 0; key < scan.Table.Schema.Keys.Count; key++)
        {
            bool isExtreme = IsOrdered(scan, key) && aggregate.Aggregates.All(item =>
                item.Call is { Filter: null, Function: { Name: "min" or "max" } function }
                && function.Arguments.Count == 1
                && LogicalKeyRange.IsKey(function.Arguments[0], scan, key));
            if (isExtreme)
            {
                bool hasMin = aggregate.Aggregates.Any(item => item.Call.Function.Name == "min");
                bool hasMax = aggregate.Aggregates.Any(item => item.Call.Function.Name == "max");
                KeyRangeOrder order = hasMin && hasMax ? KeyRangeOrder.Ends
                    : hasMin ? KeyRangeOrder.Ascending : KeyRangeOrder.Descending;
                var one = new ConstantExpression(Value.Of(1L), DataType.BigInt);
                var range = new LogicalKeyRange(scan, key, parts, order, one);
                LogicalNode few = order == KeyRangeOrder.Ends
                    ? range
                    : new LogicalLimit(range, one, null);
                return parts.All(part => range.BoundOf(part) is not null)
                    ? aggregate.WithChildren([few])
                    : null;
            }
        }

        return null;
    }

    private static bool TrySource(
        LogicalNode node,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out LogicalScan? scan,
        out IReadOnlyList<Expression> parts)
    {
        var split = new List<Expression>();
        (scan, parts) = node switch
        {
            LogicalScan all => (all, split),
            LogicalFilter { Input: LogicalScan filtered } => (filtered, split),
            LogicalKeyRange { Order: KeyRangeOrder.None } range => (range.Scan, range.Parts),
            _ => (null, split),
        };
        if (node is LogicalFilter { Condition: var condition })
        {
            Conjuncts.Split(condition, split);
        }

        return scan is not null;
    }

    private static bool IsOrdered(LogicalScan scan, int key) =>
        KeyCode.IsOrdered(scan.Table.Schema, scan.Table.Schema.Keys[key]);

    // A row whose key is NULL is in no range.
    private static bool GivesAllRows(LogicalKeyRange range)
    {
        TableSchema schema = range.Scan.Table.Schema;
        ColumnSchema column = schema.Columns[schema.Keys[range.KeyOrdinal].Ordinals[0]];
        return !column.IsNullable || range.Parts.Any(part => range.BoundOf(part) is not null);
    }

    // Where a condition beside the bounds leaves out most rows, many are read for the first few:
    // a scan may be done sooner. Without a limit the range is read as a whole in either case.
    private static bool IsCheap(LogicalKeyRange range)
    {
        double rest = 1;
        foreach (Expression part in range.Parts.Where(part => range.BoundOf(part) is null))
        {
            rest *= Cardinality.ShareOf(part);
        }

        if (rest >= 1)
        {
            return true;
        }

        double all = Cardinality.Of(range.Scan);
        double wanted = Cardinality.Least(all, range.Limit);
        return wanted / rest * RowCostOverScan <= all;
    }
}
