using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// Reads rows that must be near enough to a vector through an index of the column, where one ranks
/// by the same distance. Statements that change rows scan: they leave nothing to chance.
/// </summary>
internal static class VectorRangeRule
{
    /// <summary>The plan with such reads replaced.</summary>
    public static LogicalNode Apply(LogicalNode plan) => plan.Rewrite(node =>
        node is LogicalFilter { Input: LogicalScan { RowAddress: null } scan } filter
            ? OfCondition(scan, filter.Condition) ?? node
            : node);

    private static LogicalVectorRange? OfCondition(LogicalScan scan, Expression condition)
    {
        var parts = new List<Expression>();
        Conjuncts.Split(condition, parts);
        foreach (Expression part in parts)
        {
            if (VectorThreshold.TryFind(part) is not { } threshold)
            {
                continue;
            }

            VectorDistanceExpression distance = threshold.Distance;
            foreach ((Expression column, Expression query) in (
                (Expression, Expression)[])
                [(distance.Left, distance.Right), (distance.Right, distance.Left)])
            {
                ScannedColumn? scanned = scan.Columns.FirstOrDefault(
                    item => column is ColumnExpression known && item.Column.Id == known.Id);
                if (scanned is not null && query.IsRowIndependent
                    && !query.Any(static inner =>
                        inner is SubqueryExpression { Captures.Count: > 0 })
                    && HasIndex(scan, scanned.Ordinal, distance.Metric))
                {
                    return new LogicalVectorRange(
                        scan, parts, scanned.Ordinal, distance, query, threshold.Bound);
                }
            }
        }

        return null;
    }

    // Of inner products the rounding of single precision is not bounded by the product.
    private static bool HasIndex(LogicalScan scan, int ordinal, Metric metric) =>
        metric is Metric.L2 or Metric.Cosine or Metric.Hamming
        && scan.Indexes.Any(index => index.Schema.Kind == IndexKind.Vector
            && index.Schema.Columns[0].Ordinal == ordinal
            && VectorIndexOptions.Of(index.Schema).Metric == metric);
}
