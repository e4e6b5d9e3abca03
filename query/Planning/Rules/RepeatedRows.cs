namespace NeuroDb.Query;

/// <summary>
/// Lets two places of a plan read the same rows: by computing them twice where that must give the
/// same, otherwise by keeping them.
/// </summary>
internal static class RepeatedRows
{
    /// <summary>
    /// The rows for two places; null where they can neither be computed twice nor kept.
    /// </summary>
    public static LogicalNode? Of(LogicalNode node)
    {
        if (IsRepeatable(node))
        {
            return node;
        }

        return ReadsOuter(node)
            ? null
            : new LogicalShared(
                new SharedQuery("a side of a join", node, isMaterialized: true), node.Output);
    }

    /// <summary>Whether every run gives the same rows, whatever columns are asked for.</summary>
    public static bool IsRepeatable(LogicalNode node) =>
        node is LogicalScan or LogicalFilter or LogicalProject or LogicalJoin or LogicalValues
            or LogicalShared or LogicalDistinct
        && All(node, ColumnSets.IsMovable)
        && node.Children.All(IsRepeatable);

    /// <summary>Whether the rows may depend on a row of an enclosing query.</summary>
    public static bool ReadsOuter(LogicalNode node) =>
        !All(node, static expression => !expression.Any(static part =>
            part is OuterExpression or SubqueryExpression { Captures.Count: > 0 }))
        || node is LogicalApply or LogicalWorkingTable
        || node.Children.Any(ReadsOuter);

    private static bool All(LogicalNode node, Func<Expression, bool> condition)
    {
        bool holds = true;
        _ = node.MapExpressions(expression =>
        {
            holds &= condition(expression);
            return expression;
        });
        return holds;
    }
}
