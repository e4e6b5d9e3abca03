using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Reads through a learned index where a condition bounds its first columns, where the first rows
/// in its order are asked for, and where only its lowest or highest value is. Keys come first: they
/// are always there, and find one row.
/// </summary>
internal static class IndexRangeRule
{
    // A row by an index lies anywhere, one of a scan behind the other.
    private const double RowCostOverScan = 16;

    /// <summary>The plan with such reads replaced.</summary>
    public static LogicalNode Apply(LogicalNode plan) => plan.Rewrite(node => node switch
    {
        LogicalFilter { Input: LogicalScan scan } filter =>
            OfParts(scan, Split(filter.Condition), needsEqual: false)?.InPlaceOf(node) ?? node,
        LogicalKeyRange { Order: KeyRangeOrder.None } range when !HasEqual(range) =>
            OfParts(range.Scan, range.Parts, needsEqual: true)?.InPlaceOf(node) ?? node,
        LogicalTopK top => OfTopK(top) ?? node,
        LogicalAggregate aggregate => OfExtreme(aggregate) ?? node,
        _ => node,
    });

    /// <summary>The learned indexes of a table whose columns a scan can be asked for by.</summary>
    public static IEnumerable<IndexEntry> IndexesOf(LogicalScan scan) =>
        scan.Indexes.Where(static index => index.Schema.Kind == IndexKind.Learned);

    private static LogicalNode? OfParts(
        LogicalScan scan, IReadOnlyList<Expression> parts, bool needsEqual) =>
        OfCondition(scan, parts, needsEqual) ?? OfExpression(scan, parts, needsEqual);

    private static LogicalIndexRange? OfCondition(
        LogicalScan scan, IReadOnlyList<Expression> parts, bool needsEqual)
    {
        IndexMatch? best = null;
        foreach (IndexEntry index in IndexesOf(scan))
        {
            var match = IndexMatch.Of(index, scan, parts);
            if (match.IsBounded && match.IsShort && match.Rank > (best?.Rank ?? 0)
                && (!needsEqual || match.Heads.Count > 0))
            {
                best = match;
            }
        }

        return best is null
            ? null
            : new LogicalIndexRange(scan, best, parts, KeyRangeOrder.None);
    }

    // By an index over an expression, whose column is read too, though nobody else sees it.
    private static LogicalNode? OfExpression(
        LogicalScan scan, IReadOnlyList<Expression> parts, bool needsEqual)
    {
        foreach (IndexedExpression indexed in scan.Indexed)
        {
            if (indexed.Replace(parts) is not { } replaced)
            {
                continue;
            }

            LogicalScan wide = scan.Columns.Any(item => item.Ordinal == indexed.Column.Ordinal)
                ? scan
                : new LogicalScan(
                    scan.Table,
                    scan.Alias,
                    [.. scan.Columns, indexed.Column],
                    scan.RowAddress,
                    scan.Indexes);
            if (OfCondition(wide, replaced, needsEqual) is { } range)
            {
                var read = new LogicalIndexRange(
                    wide, range.Match, parts, KeyRangeOrder.None);
                return ReferenceEquals(wide, scan)
                    ? read
                    : LogicalProject.Of(read, [.. scan.Output]);
            }
        }

        return null;
    }

    private static LogicalNode? OfTopK(LogicalTopK top) => Ordered(
        top.Input, top.Keys, top.Limit, top.Offset) is { } ordered
            ? new LogicalLimit(ordered, top.Limit, top.Offset)
            : null;

    private static LogicalNode? Ordered(
        LogicalNode node, IReadOnlyList<SortKey> keys, Expression limit, Expression? offset)
    {
        if (node is LogicalProject project)
        {
            var below = new List<SortKey>();
            foreach (SortKey key in keys)
            {
                ProjectedColumn? column = key.Expression is ColumnExpression sorted
                    ? project.Columns.FirstOrDefault(item => item.Column.Id == sorted.Id)
                    : null;
                if (column is null)
                {
                    return null;
                }

                below.Add(key with { Expression = column.Expression });
            }

            return Ordered(project.Input, below, limit, offset) is { } input
                ? project.WithChildren([input])
                : null;
        }

        if (SourceOf(node, out IReadOnlyList<Expression> parts) is not { } scan)
        {
            return null;
        }

        foreach (IndexEntry index in IndexesOf(scan))
        {
            var match = IndexMatch.Of(index, scan, parts);
            bool isReverse = false;
            if (match.IsOneKey && Fits(match, scan, keys, ref isReverse)
                && IsCheap(scan, match, parts, limit))
            {
                return new LogicalIndexRange(
                    scan,
                    match,
                    parts,
                    isReverse ? KeyRangeOrder.Descending : KeyRangeOrder.Ascending,
                    isNotNull: false,
                    limit,
                    offset);
            }
        }

        return null;
    }

    // The items of the order are all columns of the index behind those that have one value: a
    // further one would order rows that the statement leaves in the order of their numbers.
    private static bool Fits(
        IndexMatch match, LogicalScan scan, IReadOnlyList<SortKey> keys, ref bool isReverse)
    {
        IReadOnlyList<IndexColumn> columns = match.Index.Schema.Columns;
        int start = match.Heads.Count;
        if (start + keys.Count != columns.Count)
        {
            return false;
        }

        for (int i = 0; i < keys.Count; i++)
        {
            IndexColumn column = columns[start + i];
            bool isTurned = keys[i].IsDescending != column.IsDescending;
            isReverse = i == 0 ? isTurned : isReverse;
            bool isNullable = scan.Table.Schema.Columns[column.Ordinal].IsNullable;
            if (!IndexMatch.IsColumn(keys[i].Expression, scan, column.Ordinal)
                || isTurned != isReverse
                || (isNullable && keys[i].NullsFirst != (column.NullsFirst != isReverse)))
            {
                return false;
            }
        }

        return true;
    }

    // Where a condition beside the bounds leaves out most rows, many are read for the first few.
    private static bool IsCheap(
        LogicalScan scan, IndexMatch match, IReadOnlyList<Expression> parts, Expression limit)
    {
        double all = Cardinality.Of(scan);
        double passing = parts.Count == 0
            ? all
            : Cardinality.Of(new LogicalFilter(scan, Conjuncts.Join(parts)!));
        double wanted = Math.Min(passing, Cardinality.Least(all, limit));
        double read = match.IsBounded ? wanted : wanted * all / Math.Max(1, passing);
        return read * RowCostOverScan <= all;
    }

    private static LogicalNode? OfExtreme(LogicalAggregate aggregate)
    {
        if (aggregate.Keys.Count > 0 || aggregate.Firsts.Count > 0 || aggregate.Sets is not null
            || aggregate.Aggregates.Count != 1
            || aggregate.Aggregates[0].Call is not
                { Filter: null, Function: { Name: "min" or "max" } function }
            || function.Arguments.Count != 1
            || SourceOf(aggregate.Input, out IReadOnlyList<Expression> parts) is not { } scan)
        {
            return null;
        }

        var one = new ConstantExpression(Value.Of(1L), DataType.BigInt);
        foreach (IndexEntry index in IndexesOf(scan))
        {
            var match = IndexMatch.Of(index, scan, parts);
            int next = match.Heads.Count;
            if (match.IsOneKey && next < index.Schema.Columns.Count
                && IndexMatch.IsColumn(
                    function.Arguments[0], scan, index.Schema.Columns[next].Ordinal)
                && IsCheap(scan, match, parts, one))
            {
                bool isReverse =
                    (function.Name == "max") != index.Schema.Columns[next].IsDescending;
                var range = new LogicalIndexRange(
                    scan,
                    match,
                    parts,
                    isReverse ? KeyRangeOrder.Descending : KeyRangeOrder.Ascending,
                    isNotNull: true,
                    one);
                return aggregate.WithChildren([new LogicalLimit(range, one, null)]);
            }
        }

        return null;
    }

    private static LogicalScan? SourceOf(LogicalNode node, out IReadOnlyList<Expression> parts)
    {
        (LogicalScan? scan, parts) = node switch
        {
            LogicalScan all => (all, []),
            LogicalFilter { Input: LogicalScan filtered } filter =>
                (filtered, Split(filter.Condition)),
            LogicalIndexRange { Order: KeyRangeOrder.None } range => (range.Scan, range.Parts),
            _ => (null, (IReadOnlyList<Expression>)[]),
        };
        return scan;
    }

    private static bool HasEqual(LogicalKeyRange range) => range.Parts.Any(
        part => range.BoundOf(part) is { Operator: BinaryOperator.Equal });

    private static List<Expression> Split(Expression condition)
    {
        var parts = new List<Expression>();
        Conjuncts.Split(condition, parts);
        return parts;
    }
}
