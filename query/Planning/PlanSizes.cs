using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// How many rows the tables of a plan with joins had when it was made, and what was known of them.
/// A plan that was kept is made anew once a table has several times as many rows, or as few: its
/// order of joins was chosen for another database; and once ANALYZE or a measured run has learned
/// more.
/// </summary>
internal sealed class PlanSizes
{
    private const int RowCountMin = 1000;
    private const int FactorMax = 4;

    private readonly (VersionedTable Table, long RowCount, long Version, long Change)[] _tables;
    private readonly bool _isOfFeedback;

    private PlanSizes((VersionedTable, long, long, long)[] tables, bool isOfFeedback)
    {
        _tables = tables;
        _isOfFeedback = isOfFeedback;
    }

    /// <summary>The sizes of a plan; null for one whose choices do not hang on them.</summary>
    public static PlanSizes? Of(PlanNode? plan)
    {
        var tables = new HashSet<VersionedTable>();
        bool hasJoin = plan is not null && Collect(plan, tables, []);
        return hasJoin
            ? new PlanSizes([.. tables.Select(static table =>
                (table, table.LiveCount, EstimateFeedback.VersionOf(table), table.LastChange))],
                UsesFeedback(plan!))
            : null;
    }

    /// <summary>Whether the tables still have about as many rows.</summary>
    public bool Hold()
    {
        foreach ((VersionedTable table, long then, long version, long change) in _tables)
        {
            if (EstimateFeedback.VersionOf(table) != version
                || (_isOfFeedback && table.LastChange != change))
            {
                return false;
            }

            long now = table.LiveCount;
            if (Math.Max(now, then) > RowCountMin
                && (now > FactorMax * then || then > FactorMax * now))
            {
                return false;
            }
        }

        return true;
    }

    private static bool UsesFeedback(PlanNode node) =>
        node.Estimate is { Source: EstimateSource.Feedback }
        || (node is not SharedRows && node.Children.Any(UsesFeedback));

    // Items of WITH are shared: each node is looked at once, however many lead to it.
    private static bool Collect(
        PlanNode node, HashSet<VersionedTable> tables, HashSet<PlanNode> seen)
    {
        if (!seen.Add(node))
        {
            return false;
        }

        if (node is TableScan scan)
        {
            tables.Add(scan.Table.Rows);
        }

        bool hasJoin = node is HashJoin or NestedLoopJoin;
        foreach (PlanNode child in node.Children)
        {
            hasJoin |= Collect(child, tables, seen);
        }

        foreach (PlannedSubquery subquery in node.Subqueries)
        {
            hasJoin |= Collect(subquery.Plan, tables, seen);
        }

        return hasJoin;
    }
}
