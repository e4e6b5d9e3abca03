namespace NeuroDb.Query;

/// <summary>
/// DELETE: the plan gives the address of each row last, and before it the old row if RETURNING
/// needs it.
/// </summary>
internal sealed class BoundDelete(TableWriter writer, PlanNode plan) : BoundStatement
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
        var changes = new RowChanges(writer.Table, context);
        if (Columns.Count == 0 && !changes.HasRules && ChangePieces.MayBeMany(plan))
        {
            return RunInPieces(changes, context);
        }

        RowBatch? found = BatchJoiner.ReadAll(plan, context);
        if (found is null)
        {
            return writer.Result(null, 0, context);
        }

        ReadOnlySpan<long> rowIds = ((ColumnBuffer<long>)found.Columns[^1]).Values;
        int[]? kept = changes.Delete(rowIds, null);
        found = kept is null ? found : found.Gather(kept);
        return writer.Result(new RowBatch(found.Columns[..^1], found.Count), found.Count, context);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Lookups(ExecutionContext context) =>
        ChangeLookups.OfDelete(writer.Table, context);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) =>
        ChangeText.Lines(
            $"Delete from {writer.Table.Schema.Name}", plan, context, Lookups(context));

    /// <inheritdoc/>
    public override bool CanRunMany(ExecutionContext context) => RepeatedLookup.Fits(plan)
        && Columns.Count == 0 && !new RowChanges(writer.Table, context).HasRules;

    /// <inheritdoc/>
    public override StatementResult[] RunMany(
        ExecutionContext context, IReadOnlyList<Value[]> sets)
    {
        var rowIds = new HashSet<long>();
        bool isLast = false;
        foreach ((_, RowBatch? rows) in RepeatedLookup.Read(plan, context, sets))
        {
            isLast = rows is not null
                && rowIds.Add(((ColumnBuffer<long>)rows.Columns[^1]).Values[0]);
        }

        new RowChanges(writer.Table, context).Delete(rowIds.ToArray(), null);
        return StatementResult.OfMany(rowIds.Count, isLast ? 1 : 0);
    }

    private StatementResult RunInPieces(in RowChanges changes, ExecutionContext context)
    {
        long count = 0;
        foreach (RowBatch piece in ChangePieces.Read(plan, writer.Table, context))
        {
            int[]? kept = changes.Delete(((ColumnBuffer<long>)piece.Columns[^1]).Values, null);
            count += kept?.Length ?? piece.Count;
        }

        return writer.Result(null, count, context);
    }
}
