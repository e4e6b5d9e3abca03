namespace NeuroDb.Query;

/// <summary>
/// The rows of a query that is used more than once in a statement: run at the first use and kept
/// for the others.
/// </summary>
internal sealed class SharedRows(
    SharedQuery query, PlanNode plan, IReadOnlyList<OutputColumn> output) : PlanNode(output)
{
    /// <summary>The query's plan, the same object at every use.</summary>
    public PlanNode Plan { get; } = plan;

    /// <inheritdoc/>
    public override IReadOnlyList<PlanNode> Children => [Plan];

    /// <inheritdoc/>
    public override string Describe() => $"rows of {query.Name}, computed once";

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) =>
        new SharedRowsCursor(query, Plan, context);
}
