using System.Globalization;

namespace NeuroDb.Query;

/// <summary>
/// Prints physical plans for EXPLAIN: one operator a line, inputs indented below.
/// </summary>
internal static class PlanPrinter
{
    /// <summary>The lines of a plan as it would run in this execution.</summary>
    public static IReadOnlyList<string> Print(PlanNode plan, ExecutionContext context)
    {
        var lines = new List<string>();
        Print(plan, 0, lines, context);
        return lines;
    }

    private static void Print(
        PlanNode plan, int depth, List<string> lines, ExecutionContext context)
    {
        string indent = new(' ', 2 * depth);
        string rows = double.IsNaN(plan.EstimatedRowCount)
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture, $"  (about {plan.EstimatedRowCount:N0} rows)");
        lines.Add($"{indent}{plan.Describe()}{rows}");
        foreach (string detail in plan.Details(context))
        {
            lines.Add($"{indent}  {detail}");
        }

        foreach (PlannedSubquery subquery in plan.Subqueries)
        {
            string kind = subquery.IsCorrelated ? "for each different outer row" : "run once";
            lines.Add($"{indent}  subquery, {kind}:");
            Print(subquery.Plan, depth + 2, lines, context);
        }

        foreach (PlanNode child in plan.Children)
        {
            Print(child, depth + 1, lines, context);
        }
    }
}
