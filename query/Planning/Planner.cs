namespace NeuroDb.Query;

/// <summary>
/// Turns logical plans into physical ones: applies the rules, chooses operators, replaces columns
/// by ordinals and plans the subqueries inside expressions. One planner for one statement.
/// </summary>
internal sealed partial class Planner(ColumnIdentifiers identifiers)
{
    /// <summary>The physical plan of a query.</summary>
    public PlanNode Plan(LogicalNode query) => throw Invariant.Broken("planning is written");

    /// <summary>
    /// An expression ready to be evaluated over batches with these columns, in this order.
    /// </summary>
    public Expression Resolve(Expression expression, IReadOnlyList<OutputColumn> columns) =>
        throw Invariant.Broken("planning is written");
}
