namespace NeuroDb.Query;

/// <summary>
/// Turns "the first k by distance of a table's vector column to one vector" into a scan that
/// computes distances and keeps the best k in one pass over the vectors. The other columns are
/// read for these k rows only, and the distance is used again where the result shows it.
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
            || TryRank(top, distance, ranked.Scan) is not { } ranking)
        {
            return null;
        }

        OutputColumn measure = identifiers.NewColumn(distance.ToString(), distance.Type);
        return ranked.Project(
            new LogicalVectorTopK(ranked.Scan, ranked.Filter, ranking, measure), measure);
    }

    private static VectorRanking? TryRank(
        LogicalTopK top, VectorDistanceExpression distance, LogicalScan scan)
    {
        SortKey key = top.Keys[0];
        bool closestFirst = key.IsDescending == (distance.Measure != VectorMeasure.Distance);
        bool leftIsColumn = distance.Left is ColumnExpression;
        Expression column = leftIsColumn ? distance.Left : distance.Right;
        Expression query = leftIsColumn ? distance.Right : distance.Left;
        if (!closestFirst
            || key.NullsFirst
            || column is not ColumnExpression { Type.Length: > 0, Id: var id }
            || !query.IsRowIndependent
            || query.Any(part => part is SubqueryExpression))
        {
            return null;
        }

        ScannedColumn? scanned = scan.Columns.FirstOrDefault(item => item.Column.Id == id);
        return scanned is null
            ? null
            : new VectorRanking(
                distance, scanned.Ordinal, query, key, top.Limit, top.Offset);
    }
}
