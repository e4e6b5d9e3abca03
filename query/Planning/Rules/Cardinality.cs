namespace NeuroDb.Query;

/// <summary>
/// Estimates how many rows a node gives: from samples, bins and histograms where the tables have
/// them, otherwise from the sizes of the tables and fixed guesses of how much a condition lets pass
/// (Selinger et al., SIGMOD 1979, table 1). What was estimated of a node is kept with it.
/// </summary>
internal static class Cardinality
{
    private const double EqualityShare = 0.1;
    private const double RangeShare = 1.0 / 3;
    private const double OtherShare = 0.5;
    private const double FunctionRowCount = 1000;

    // Who asks for the nearest rows by a parameter asks for few.
    private const double NearestRowCount = 100;

    // What is known of distinct values says this much of the groups of a part of the rows.
    private const double DistinctDeviation = 0.5;

    /// <summary>The rows that a node gives; at least 1 unless there is certainly none.</summary>
    public static double Of(LogicalNode node) => Estimate(node).Rows;

    /// <summary>The rows that a node gives, how sure that is and what says so.</summary>
    public static RowEstimate Estimate(LogicalNode node) => node.Estimate ??= Find(node);

    private static RowEstimate Find(LogicalNode node) => node switch
    {
        LogicalScan scan => OfTable(scan),
        LogicalKeyLookup lookup => OfKeys(lookup),
        LogicalKeyRange { Order: KeyRangeOrder.Ends } => RowEstimate.Of(2),
        LogicalKeyRange range => Least(OfParts(range.Scan, range.Parts), range.Limit),
        LogicalIndexRange range => Least(OfParts(range.Scan, range.Parts), range.Limit),
        LogicalVectorRange range => OfParts(range.Scan, range.Parts),
        LogicalFilter { Input: LogicalScan scan } filter => OfScan(scan, filter.Condition),
        LogicalFilter filter => OfFilter(filter),
        LogicalJoin join => OfJoin(join),
        LogicalAggregate { Keys.Count: 0 } => RowEstimate.Of(1),
        LogicalAggregate aggregate => OfGroups(
            aggregate.Input, [.. aggregate.Keys.Select(static key => key.Expression)]),
        LogicalDistinct distinct => OfGroups(distinct.Input, [.. distinct.Output.Select(
            static column => new ColumnExpression(column.Id, column.Name, column.Type))]),
        LogicalLimit limit => Least(Estimate(limit.Input), limit.Limit),
        LogicalTopK top => Least(Estimate(top.Input), top.Limit),
        LogicalVectorTopK top => OfNearest(top),
        LogicalTextTopK top => Least(Estimate(top.Scan), top.Scoring.Limit),
        LogicalValues values => RowEstimate.Of(values.Rows.Count),
        LogicalSetOperation { Operator: SetOperator.Union } union =>
            Sum(Estimate(union.Left), Estimate(union.Right)),
        LogicalSetOperation operation => Estimate(operation.Left),
        LogicalApply apply => Guess(Estimate(apply.Left), Of(apply.Right), isPart: false),
        LogicalShared shared => shared.Query.Estimate,
        LogicalRecursion recursion => Guess(Estimate(recursion.Seed), 10, isPart: false),
        LogicalWorkingTable or LogicalTableFunction =>
            RowEstimate.Of(FunctionRowCount).Guessed(FunctionRowCount),
        _ => node.Children.Count == 0 ? RowEstimate.Of(1) : Estimate(node.Children[0]),
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
            InListExpression list =>
                Math.Min(OtherShare, (list.Children.Count - 1) * EqualityShare),
            _ => OtherShare,
        };
    }

    /// <summary>That many rows, or fewer where a limit is known.</summary>
    public static double Least(double rows, Expression? limit) =>
        LimitOf(limit) is { } least ? Math.Min(rows, least) : rows;

    private static RowEstimate Least(RowEstimate rows, Expression? limit) =>
        LimitOf(limit) is { } least ? rows.AtMost(least) : rows;

    private static long? LimitOf(Expression? limit) =>
        limit is ConstantExpression { Value: { IsNull: false } value } && value.AsInt64() >= 0
            ? value.AsInt64()
            : null;

    private static RowEstimate OfTable(LogicalScan scan) =>
        RowEstimate.Of(Math.Max(1, scan.Table.Rows.LiveCount));

    private static RowEstimate OfNearest(LogicalVectorTopK top)
    {
        RowEstimate all = Estimate(top.Passing ?? top.Scan);
        if (top.Ranking.Groups.Count > 0)
        {
            RowEstimate groups = OfGroups(top.Scan, [.. top.Ranking.Groups]);
            return groups.Scaled(
                groups.Rows * (LimitOf(top.Ranking.Limit) ?? NearestRowCount)).AtMost(all.Rows);
        }

        double limit = LimitOf(top.Ranking.Limit) ?? NearestRowCount;
        double offset = top.Ranking.IsFinal || top.Ranking.Offset is null
            ? 0
            : LimitOf(top.Ranking.Offset) ?? NearestRowCount;
        return all.AtMost(limit + offset);
    }

    private static RowEstimate OfKeys(LogicalKeyLookup lookup) =>
        new(lookup.Keys.Length, 0, lookup.Keys.Length, EstimateSource.Count);

    private static RowEstimate OfParts(LogicalScan scan, IReadOnlyList<Expression> parts) =>
        parts.Count == 0 ? OfTable(scan) : OfScan(scan, Conjuncts.Join(parts)!);

    private static RowEstimate OfScan(LogicalScan scan, Expression condition) =>
        ScanSample.Of(scan, condition, evenSmall: false)?.Estimate
        ?? Guess(OfTable(scan), ShareOf(condition), isPart: true)
            .AtMost(Math.Max(1, KeyLookupRule.RowCountMax(scan, condition)));

    private static RowEstimate Guess(RowEstimate input, double share, bool isPart) =>
        input.Guessed(
            Math.Max(1, input.Rows * share), isPart ? input.High : double.PositiveInfinity);

    private static RowEstimate Sum(RowEstimate left, RowEstimate right) => new(
        left.Rows + right.Rows,
        left.Low + right.Low,
        left.High + right.High,
        Later(left.Source, right.Source));

    // The sources are in the order of how much they are to be trusted.
    private static EstimateSource Later(EstimateSource left, EstimateSource right) =>
        left > right ? left : right;

    private static RowEstimate OfJoin(LogicalJoin join)
    {
        if (join.IsHalf)
        {
            return OfHalf(join);
        }

        var leaves = new List<LogicalNode>();
        var parts = new List<Expression>();
        JoinOrderRule.Flatten(join, leaves, parts);
        if (leaves.Count == 1)
        {
            // An outer join: its sides stay whole.
            leaves = [join.Left, join.Right];
            Conjuncts.Split(join.Condition, parts);
        }

        if (leaves.Count > 64)
        {
            return Guess(Estimate(join.Left), 1, isPart: false);
        }

        var estimator = new JoinEstimator(leaves, parts);
        RowEstimate rows = estimator.Of(ulong.MaxValue >> (64 - leaves.Count))!.Value;
        if (join.Kind is not (JoinKind.Left or JoinKind.Full))
        {
            return rows;
        }

        double left = Estimate(join.Left).Rows;
        double alone = left * (1 - Math.Min(1, estimator.ShareWithPartner() ?? 1));
        return (rows with { Key = null }).Scaled(rows.Rows + alone, alone).AtLeast(left);
    }

    // The share of the left rows that have a partner: the values that are left on the right side
    // over those of the side that has more of them.
    private static RowEstimate OfHalf(LogicalJoin join)
    {
        var parts = new List<Expression>();
        Conjuncts.Split(join.Condition, parts);
        RowEstimate left = Estimate(join.Left);
        var estimator = new JoinEstimator([join.Left, join.Right], parts);
        RowEstimate joined = estimator.Of(3)!.Value;
        double partners = joined.Rows / left.Rows;
        double share = Math.Clamp(
            estimator.ShareWithPartner() ?? partners, 0.001, join.Kind == JoinKind.Semi ? 1 : 0.9);
        share = join.Kind == JoinKind.Semi ? Math.Min(share, 0.9999) : 1 - share;
        double rows = Math.Max(1, left.Rows * share);
        double deviation = Math.Sqrt(Square(joined.Deviation) + Square(left.Deviation));
        return RowEstimate.Of(rows, deviation, Later(left.Source, joined.Source))
            .AtMost(left.High);
    }

    private static RowEstimate OfGroups(LogicalNode node, Expression[] keys)
    {
        RowEstimate input = Estimate(node);
        var origins = new ColumnOrigins([node]);
        double groups =
            origins.OfAll(keys, input.Rows, Math.Max(1, input.Rows / 10), out bool isGuess);
        double rows = Math.Max(1, Math.Min(input.Rows, groups));
        return isGuess
            ? input.Guessed(rows, input.High)
            : RowEstimate.Of(rows, DistinctDeviation, Later(input.Source, EstimateSource.Sample))
                .AtMost(Math.Max(1, input.High));
    }

    // A condition above limits, groups and joins keeps the share of the rows that it keeps of the
    // table that its columns come from.
    private static RowEstimate OfFilter(LogicalFilter filter)
    {
        RowEstimate input = Estimate(filter.Input);
        var columns = new HashSet<int>();
        ColumnSets.Collect(filter.Condition, columns);
        LeafSource? before = LeafSource.Of(filter.Input, columns);
        LeafSource? after = LeafSource.Of(filter, columns);
        return before is not null && !ReferenceEquals(before.Condition, after!.Condition)
            && ScanSample.Of(before.Scan, before.Condition, evenSmall: false) is { } all
            && ScanSample.Of(after.Scan, after.Condition, evenSmall: false) is { } part
                ? RowEstimate.Of(
                    Math.Max(1, input.Rows * part.Estimate.Rows / Math.Max(1, all.Estimate.Rows)),
                    Math.Sqrt(Square(input.Deviation) + Square(part.Estimate.Deviation)),
                    Later(input.Source, part.Estimate.Source)).AtMost(input.High)
                : Guess(input, ShareOf(filter.Condition), isPart: true);
    }

    private static double Square(double value) => value * value;
}
