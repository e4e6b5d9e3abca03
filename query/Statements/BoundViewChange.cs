namespace NeuroDb.Query;

/// <summary>
/// A change of a view: its INSTEAD OF triggers run for each row. The plan gives the rows as they
/// are, for UPDATE with the rows as they are to be behind them, and for INSERT only the latter.
/// </summary>
internal sealed class BoundViewChange(
    string view, TriggerEvent kind, IReadOnlyList<ColumnSchema> columns, PlanNode plan)
    : BoundStatement
{
    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => [];

    /// <inheritdoc/>
    public override bool ChangesData => true;

    /// <inheritdoc/>
    public override PlanNode? Plan => plan;

    /// <inheritdoc/>
    public override StatementResult Run(ExecutionContext context)
    {
        RowBatch? found = BatchJoiner.ReadAll(plan, context);
        if (found is null)
        {
            return new StatementResult([], 0);
        }

        RowBatch? old = kind == TriggerEvent.Insert
            ? null
            : new RowBatch(found.Columns[..columns.Count], found.Count);
        RowBatch? rows = kind == TriggerEvent.Delete
            ? null
            : new RowBatch(found.Columns[^columns.Count..], found.Count);
        TableRules rules = TableRules.Of(context.Transaction.Catalog, view)
            ?? throw Invariant.Broken($"triggers of {view}");
        int count = found.Count;
        foreach (TriggerRule rule in rules.Triggers(TriggerTiming.InsteadOf, kind))
        {
            count = Math.Min(count, rule.Run(columns, old, rows, context)?.Length ?? count);
        }

        return new StatementResult([], count);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) =>
        ChangeText.Lines($"{kind} of the view {view} by its triggers", plan, context);
}
