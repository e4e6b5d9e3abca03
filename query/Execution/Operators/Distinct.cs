namespace NeuroDb.Query;

/// <summary>Gives each row once, where it is first seen.</summary>
internal sealed class Distinct(PlanNode input) : PlanNode(input.Output)
{
    /// <summary>Where the rows come from.</summary>
    public PlanNode Input { get; } = input;

    /// <inheritdoc/>
    public override IReadOnlyList<PlanNode> Children => [Input];

    /// <inheritdoc/>
    public override string Describe() => "distinct";

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) =>
        new DistinctCursor(this, Input.Open(context), context);
}
