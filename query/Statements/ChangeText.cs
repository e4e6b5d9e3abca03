namespace NeuroDb.Query;

/// <summary>The EXPLAIN lines of statements that change rows.</summary>
internal static class ChangeText
{
    /// <summary>
    /// The change, below it what it looks up beside its own rows, and the plan that gives its rows.
    /// </summary>
    public static IReadOnlyList<string> Lines(
        string change,
        PlanNode source,
        ExecutionContext context,
        IReadOnlyList<string>? lookups = null) =>
    [
        change,
        .. (lookups ?? []).Select(static line => "  " + line),
        .. PlanPrinter.Print(source, context).Select(static line => "  " + line),
    ];
}
