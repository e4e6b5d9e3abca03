namespace NeuroDb.Query;

/// <summary>A query.</summary>
internal sealed class BoundQuery(PlanNode plan) : BoundStatement
{
    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => plan.Output;

    /// <inheritdoc/>
    public override bool ChangesData => false;

    /// <inheritdoc/>
    public override PlanNode? Plan => plan;

    /// <inheritdoc/>
    public override StatementResult Run(ExecutionContext context) =>
        new(this, plan.Open(context), context);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) =>
        PlanPrinter.Print(plan, context);
}
