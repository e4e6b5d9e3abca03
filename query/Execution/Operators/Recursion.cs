namespace NeuroDb.Query;

/// <summary>
/// WITH RECURSIVE: gives the rows of the seed, then of the step, until none is new.
/// </summary>
internal sealed class Recursion(
    WorkingTable table,
    PlanNode seed,
    PlanNode step,
    bool isAll,
    IReadOnlyList<OutputColumn> output)
    : PlanNode(output)
{
    /// <summary>Where the step finds the rows found last.</summary>
    public WorkingTable Table { get; } = table;

    /// <summary>The first rows.</summary>
    public PlanNode Seed { get; } = seed;

    /// <summary>What makes rows of rows.</summary>
    public PlanNode Step { get; } = step;

    /// <summary>Whether rows found again count again.</summary>
    public bool IsAll { get; } = isAll;

    /// <inheritdoc/>
    public override IReadOnlyList<PlanNode> Children => [Seed, Step];

    /// <inheritdoc/>
    public override string Describe() =>
        $"recursion {Table.Name}{(IsAll ? "" : ", each row once")}";

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) =>
        new RecursionCursor(this, context);
}
