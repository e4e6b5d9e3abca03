namespace NeuroDb.Query;

/// <summary>UPDATE: the plan gives the address of each row, then the full new row.</summary>
internal sealed class BoundUpdate(TableWriter writer, PlanNode plan) : BoundStatement
{
    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => writer.Returned;

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
            return writer.Result(null, 0, context);
        }

        ReadOnlySpan<long> rowIds = ((ColumnBuffer<long>)found.Columns[0]).Values;
        var rows = new RowBatch(found.Columns[1..], found.Count);
        writer.Check(rows, context);
        context.Transaction.Update(writer.Table, rowIds, rows);
        return writer.Result(rows, rows.Count, context);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) =>
        ChangeText.Lines($"Update {writer.Table.Schema.Name}", plan, context);
}
