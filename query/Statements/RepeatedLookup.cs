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

    /// <summary>
    /// The same where each set gives the key alone and what is computed of a row is the same for
    /// all, so that it is computed of all rows together.
    /// </summary>
    /// <returns>For each set its row, null for none; null where sets differ in more.</returns>
    public static RowBatch?[]? TryReadAlike(
        PlanNode plan, ExecutionContext context, IReadOnlyList<Value[]> sets)
    {
        var projects = new Stack<Project>();
        for (; plan is Project project && IsAlike(project); plan = project.Input)
        {
            projects.Push(project);
        }

        if (plan is not KeyLookup { Keys: [var key] } lookup
            || !Array.TrueForAll(key, static value => value is ParameterExpression))
        {
            return null;
        }

        int[] parameters = Array.ConvertAll(
            key, static value => ((ParameterExpression)value).Ordinal);
        (int[] found, RowBatch? all) = lookup.ReadMany(
            sets.Count, (i, column) => sets[i][parameters[column]], context);
        while (all is not null && projects.TryPop(out Project? project))
        {
            RowBatch input = all;
            all = new RowBatch(
                [.. project.Expressions.Select(value => value.Evaluate(input, context))],
                input.Count);
        }

        var rows = new RowBatch?[sets.Count];
        for (int i = 0; i < found.Length; i++)
        {
            rows[found[i]] = all!.Slice(i, 1);
        }

        return rows;
    }

    private static bool IsAlike(Project project) => !project.Subqueries.Any()
        && !project.Expressions.Any(static expression => expression.Any(static part =>
            part is ParameterExpression || !part.IsDeterministic));

    private static KeyLookup? Under(PlanNode plan)
    {
        while (plan is Project or Filter && !plan.Subqueries.Any())
        {
            plan = plan.Children[0];
        }

        return plan is KeyLookup { Keys.Length: 1 } lookup ? lookup : null;
    }
}
