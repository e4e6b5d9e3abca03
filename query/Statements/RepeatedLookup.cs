namespace NeuroDb.Query;

/// <summary>
/// A plan over the row of one key, run for several sets of parameters: their keys are looked up and
/// their rows read together.
/// </summary>
internal static class RepeatedLookup
{
    /// <summary>Whether a plan is one over the row of one key.</summary>
    public static bool Fits(PlanNode plan) => Under(plan) is not null;

    /// <summary>What the plan gives for each set; null for no row.</summary>
    /// <param name="plan">A plan that fits.</param>
    /// <param name="context">The execution.</param>
    /// <param name="sets">The sets of parameters.</param>
    public static (ExecutionContext Context, RowBatch? Rows)[] Read(
        PlanNode plan, ExecutionContext context, IReadOnlyList<Value[]> sets)
    {
        KeyLookup lookup = Under(plan) ?? throw Invariant.Broken("a plan over one key");
        ExecutionContext[] contexts = [.. sets.Select(context.ForParameters)];
        RowBatch?[] rows = lookup.ReadMany(contexts);
        var results = new (ExecutionContext Context, RowBatch? Rows)[contexts.Length];
        for (int i = 0; i < results.Length; i++)
        {
            context.ThrowIfCancelled();
            contexts[i].LookedUp = new LookedUpRow(lookup, rows[i]);
            results[i] = (
                contexts[i],
                rows[i] is null ? null : BatchJoiner.ReadAll(plan, contexts[i]));
        }

        return results;
    }

    private static KeyLookup? Under(PlanNode plan)
    {
        while (plan is Project or Filter && !plan.Subqueries.Any())
        {
            plan = plan.Children[0];
        }

        return plan is KeyLookup { Keys.Length: 1 } lookup ? lookup : null;
    }
}
