namespace NeuroDb.Query;

/// <summary>Reads the rows that a recursion found last.</summary>
internal sealed class WorkingRows(WorkingTable table, IReadOnlyList<OutputColumn> output)
    : PlanNode(output)
{
    /// <inheritdoc/>
    public override string Describe() => $"rows found last by {table.Name}";

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context)
    {
        RowSpool? rows = context.State.Get<KeptRows>(table).Rows;
        Invariant.Check(rows is not null);
        return rows.Open();
    }
}
