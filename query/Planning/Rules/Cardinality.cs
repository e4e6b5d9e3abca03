namespace NeuroDb.Query;

/// <summary>
/// Estimates how many rows a node gives, from the sizes of the tables and fixed guesses of how
/// much a condition lets pass (Selinger et al., SIGMOD 1979, table 1).
/// </summary>
internal static class Cardinality
{
    private const double EqualityShare = 0.1;
    private const double RangeShare = 1.0 / 3;
    private const double OtherShare = 0.5;
    private const double FunctionRowCount = 1000;

    /// <summary>The rows that a node gives; at least 1 unless there is certainly none.</summary>
    public static double Of(LogicalNode node) => node switch
    {
        LogicalScan scan => Math.Max(1, scan.Table.Rows.LiveCount),
        LogicalKeyLookup lookup => lookup.Keys.Length,
        LogicalKeyRange { Order: KeyRangeOrder.Ends } => 2,
        LogicalKeyRange range => Least(
            Math.Max(1, range.Parts.Aggregate(
                Of(range.Scan), (rows, part) => rows * ShareOf(part))),
            range.Limit),
        LogicalIndexRange range => Least(
            range.Parts.Count == 0
                ? Of(range.Scan)
                : ScanEstimate.Rows(range.Scan, Conjuncts.Join(range.Parts)!),
            range.Limit),
        LogicalVectorRange range => ScanEstimate.Rows(range.Scan, Conjuncts.Join(range.Parts)!),
        LogicalFilter { Input: LogicalScan scan } filter =>
            ScanEstimate.Rows(scan, filter.Condition),
        LogicalFilter filter => Math.Max(1, Of(filter.Input) * ShareOf(filter.Condition)),
        LogicalJoin join => OfJoin(join),
        LogicalAggregate { Keys.Count: 0 } => 1,
        LogicalAggregate aggregate => OfGroups(aggregate),
        LogicalDistinct distinct => Math.Max(1, Of(distinct.Input) / 2),
        LogicalLimit limit => Least(Of(limit.Input), limit.Limit),
        LogicalTopK top => Least(Of(top.Input), top.Limit),
        LogicalVectorTopK top => Least(Of(top.Scan), top.Ranking.Limit),
        LogicalTextTopK top => Least(Of(top.Scan), top.Scoring.Limit),
        LogicalValues values => values.Rows.Count,
        LogicalSetOperation { Operator: SetOperator.Union } union =>
            Of(union.Left) + Of(union.Right),
        LogicalSetOperation operation => Of(operation.Left),
        LogicalApply apply => Of(apply.Left) * Of(apply.Right),
        LogicalShared shared => shared.Query.RowCount,
        LogicalRecursion recursion => 10 * Of(recursion.Seed),
        LogicalWorkingTable or LogicalTableFunction => FunctionRowCount,
        _ => node.Children.Count == 0 ? 1 : Of(node.Children[0]),
    };

    /// <summary>The share of rows that a condition lets pass.</summary>
    public static double ShareOf(Expression condition)
    {
        if (condition is LogicalExpression { IsAnd: true } and)
        {
            return and.Children.Aggregate(1.0, (share, part) => share * ShareOf(part));
        }

        return condition switch
        {
            ComparisonExpression { Operator: BinaryOperator.Equal } => EqualityShare,
            ComparisonExpression
            {
                Operator: BinaryOperator.Less or BinaryOperator.LessOrEqual
                    or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual,
            } => RangeShare,
            _ => OtherShare,
        };
    }

    private static double OfJoin(LogicalJoin join)
    {
        var parts = new List<Expression>();
        Conjuncts.Split(join.Condition, parts);
        double left = Of(join.Left);
        var origins = new ColumnOrigins([join.Left, join.Right]);
        if (join.IsHalf)
        {
            double share = OfHalf(left, join, parts, origins);
            return Math.Max(1, left * (join.Kind == JoinKind.Semi ? share : 1 - share));
        }

        double rows = origins.RowsOfJoin(left, Of(join.Right), parts);
        return join.Kind is JoinKind.Left or JoinKind.Full ? Math.Max(left, rows) : rows;
    }

    /// <summary>The share of the left rows that have a partner.</summary>
    private static double OfHalf(
        double left, LogicalJoin join, List<Expression> parts, ColumnOrigins origins)
    {
        double partners = origins.RowsOfJoin(left, Of(join.Right), parts) / left;
        return Math.Clamp(partners, 0.01, 0.9);
    }

    private static double OfGroups(LogicalAggregate aggregate)
    {
        double input = Of(aggregate.Input);
        var origins = new ColumnOrigins([aggregate.Input]);
        double groups = 1;
        foreach (ProjectedColumn key in aggregate.Keys)
        {
            double distinct = origins.Of(key.Expression).Distinct;
            groups *= double.IsNaN(distinct) ? Math.Max(1, input / 10) : distinct;
        }

        return Math.Max(1, Math.Min(input, groups));
    }

    /// <summary>That many rows, or fewer where a limit is known.</summary>
    public static double Least(double rows, Expression? limit) =>
        limit is ConstantExpression { Value: { IsNull: false } value } && value.AsInt64() >= 0
            ? Math.Min(rows, value.AsInt64())
            : rows;
}
