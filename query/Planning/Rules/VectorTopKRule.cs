using NeuroDb.Gpu;

namespace NeuroDb.Query;

/// <summary>
/// Turns "the first k by distance of a table's vector column to one vector" into a scan that
/// computes distances and keeps the best k in one pass over the vectors. The other columns are
/// read for these k rows only, and the distance is used again where the result shows it. Of rows
/// that must be near enough to the same vector, the first k are those of the first k of all rows
/// that are: such a condition is looked at last. The farthest rows are found in the same way, by an
/// inner product as the nearest ones to the opposite vector.
/// </summary>
internal static class VectorTopKRule
{
    /// <summary>The plan with such orders replaced.</summary>
    public static LogicalNode Apply(LogicalNode plan, ColumnIdentifiers identifiers) =>
        plan.Rewrite(node => node is LogicalTopK { Keys.Count: 1 } top
            ? Fuse(top, identifiers) ?? node
            : node);

    private static LogicalNode? Fuse(LogicalTopK top, ColumnIdentifiers identifiers)
    {
        if (RankedScan.TryFind(top) is not { Key: VectorDistanceExpression distance } ranked
            || top.Keys[0] is not { NullsFirst: false } item)
        {
            return null;
        }

        SortKey key = item with { Expression = distance };
        bool isFarthest = RankKey.TryFind(key) is null;
        SortKey? turned = FarthestProduct.TryTurn(key);

        // Single precision does not bound what it loses of inner products.
        bool isByFarthest = isFarthest && turned is null;
        if ((isByFarthest && distance.Metric == Metric.InnerProduct)
            || VectorRanking.TryMake(
                (VectorDistanceExpression)(turned ?? key).Expression,
                ranked.Scan,
                turned ?? item,
                top.Limit,
                top.Offset) is not { } ranking)
        {
            return null;
        }

        ranking = ranking with { IsFarthest = isByFarthest, IsWithTies = isByFarthest };
        OutputColumn measure = identifiers.NewColumn(distance.ToString(), distance.Type);
        var parts = new List<Expression>();
        Conjuncts.Split(ranked.Filter, parts);
        List<Expression> thresholds = parts.FindAll(
            part => !isFarthest && VectorThreshold.TryFind(part)?.Distance is { } compared
                && ExpressionEquality.AreEqual(compared, distance));
        parts.RemoveAll(thresholds.Contains);
        var first = new LogicalVectorTopK(
            ranked.Scan, Conjuncts.Join(parts), ranking, measure);
        // What only the distance is computed of does not come out any more.
        return ColumnPruningRule.Apply(ranked.Project(
            Conjuncts.Filter(
                first, thresholds.ConvertAll(part => OverMeasure(part, distance, measure))),
            measure));
    }

    private static Expression OverMeasure(
        Expression part, VectorDistanceExpression distance, OutputColumn measure) =>
        part.Rewrite(inner => inner is VectorDistanceExpression
            && ExpressionEquality.AreEqual(inner, distance)
                ? new ColumnExpression(measure.Id, measure.Name, measure.Type)
                : inner);
}
