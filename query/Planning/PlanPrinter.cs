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
        Print(plan, 0, lines, context, []);
        return lines;
    }

    private static void Print(
        PlanNode plan,
        int depth,
        List<string> lines,
        ExecutionContext context,
        HashSet<PlanNode> shown)
    {
        string indent = new(' ', 2 * depth);
        lines.Add($"{indent}{plan.Describe()}{Estimated(plan)}{Measured(plan, context)}");
        foreach (string detail in plan.Details(context))
        {
            lines.Add($"{indent}  {detail}");
        }

        foreach (PlannedSubquery subquery in plan.Subqueries)
        {
            string kind = !subquery.IsCorrelated ? "run once"
                : subquery.IsVolatile ? "for each outer row"
                : "for each different outer row";
            lines.Add($"{indent}  subquery, {kind}:");
            Print(subquery.Plan, depth + 2, lines, context, shown);
        }

        // Rows that are computed once are explained once.
        if (plan is SharedRows shared && !shown.Add(shared.Plan))
        {
            return;
        }

        foreach (PlanNode child in plan.Children)
        {
            Print(child, depth + 1, lines, context, shown);
        }
    }

    private static string Estimated(PlanNode plan) =>
        plan.Estimate is { } estimate ? $"  ({estimate})" : "";

    private static string Measured(PlanNode plan, ExecutionContext context)
    {
        if (context.Profile is null)
        {
            return "";
        }

        if (context.Profile.Find(plan) is not { } profile)
        {
            return "  (never run)";
        }

        string starts = profile.Starts == 1
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", {profile.Starts} times");
        string skipped = profile.SkippedChunks == 0
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture, $", {profile.SkippedChunks} chunks skipped");
        string spilled = profile.SpilledBytes == 0
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $", {profile.SpilledBytes / 1024.0:N1} KiB on disk");
        string lanes = profile.LaneCount < 2
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", {profile.LaneCount} lanes");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"  (actual {profile.Rows} rows in {profile.Elapsed.TotalMilliseconds:F3} ms, ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"allocated {profile.AllocatedBytes / 1024.0:N1} KiB")
            + $"{spilled}{skipped}{starts}{lanes}, on {plan.Device(context)})";
    }
}
