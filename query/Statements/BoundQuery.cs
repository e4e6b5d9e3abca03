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
    public override bool CanRunMany(ExecutionContext context) => RepeatedLookup.Fits(plan);

    /// <inheritdoc/>
    public override StatementResult[] RunMany(
        ExecutionContext context, IReadOnlyList<Value[]> sets)
    {
        StatementResult Of(RowBatch? rows, ExecutionContext own) =>
            new(this, new BufferedCursor(rows is null ? [] : [rows]), own);
        return RepeatedLookup.TryReadAlike(plan, context, sets) is { } alike
            ? Array.ConvertAll(alike, rows => Of(rows, context))
            : Array.ConvertAll(
                RepeatedLookup.Read(plan, context, sets), found => Of(found.Rows, found.Context));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) =>
        PlanPrinter.Print(plan, context);
}
