namespace NeuroDb.Query;

/// <summary>The EXPLAIN lines of statements that change rows.</summary>
internal static class ChangeText
{
    /// <summary>The change, and below it the plan that gives its rows.</summary>
    public static IReadOnlyList<string> Lines(
        string change, PlanNode source, ExecutionContext context) =>
        [change, .. PlanPrinter.Print(source, context).Select(line => "  " + line)];
}
