using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// UPDATE: the plan gives the address of each row, then the full new row. With OR IGNORE a row that
/// may not be changed stays as it is; with OR REPLACE the rows in its way go.
/// </summary>
internal sealed class BoundUpdate(
    TableWriter writer,
    PlanNode plan,
    IReadOnlySet<int> changed,
    ConflictResolution resolution = ConflictResolution.Fail)
    : BoundStatement
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
        if (CanRunInPieces(context))
        {
            return RunInPieces(context);
        }

        RowBatch? found = BatchJoiner.ReadAll(plan, context);
        if (found is null)
        {
            return writer.Result(null, 0, context);
        }

        ReadOnlySpan<long> rowIds = ((ColumnBuffer<long>)found.Columns[0]).Values;
        var rows = new RowBatch(found.Columns[1..], found.Count);
        rows = writer.Complete(rows, context, changed);
        if (resolution != ConflictResolution.Fail)
        {
            return RunOneByOne(rowIds.ToArray(), rows, context);
        }

        writer.Check(rows, context);
        int[]? kept = new RowChanges(writer.Table, context).Update(
            rowIds, null, rows, changed);
        rows = kept is null ? rows : rows.Gather(kept);
        return writer.Result(rows, rows.Count, context);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Lookups(ExecutionContext context) =>
        ChangeLookups.OfUpdate(writer.Table, changed, context);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) =>
        ChangeText.Lines(
            $"Update {writer.Table.Schema.Name}", plan, context, Lookups(context));

    /// <inheritdoc/>
    public override bool CanRunMany(ExecutionContext context) =>
        RepeatedLookup.Fits(plan) && IsEachByItself(context);

    /// <inheritdoc/>
    public override StatementResult[] RunMany(
        ExecutionContext context, IReadOnlyList<Value[]> sets)
    {
        // A row that is changed again is read again, as it is by then.
        long count = 0;
        int size = sets.Count;
        bool isLast = false;
        for (int start = 0; start < sets.Count;)
        {
            (int taken, int changedRows, isLast) = RunSome(
                context, [.. sets.Skip(start).Take(size)]);
            start += taken;
            count += changedRows;
            size = 2 * taken;
        }

        return StatementResult.OfMany(count, isLast ? 1 : 0);
    }

    // As many of the first sets as change different rows.
    private (int Taken, int Changed, bool IsLast) RunSome(
        ExecutionContext context, IReadOnlyList<Value[]> sets)
    {
        var found = new List<RowBatch>(sets.Count);
        var rowIds = new HashSet<long>(sets.Count);
        int taken = 0;
        bool isLast = false;
        foreach ((_, RowBatch? row) in RepeatedLookup.Read(plan, context, sets))
        {
            isLast = row is not null;
            if (row is not null)
            {
                if (!rowIds.Add(((ColumnBuffer<long>)row.Columns[0]).Values[0]))
                {
                    break;
                }

                found.Add(row);
            }

            taken++;
        }

        if (found.Count > 0)
        {
            RowBatch all = BatchJoiner.Join(found);
            RowBatch rows = writer.Complete(
                new RowBatch(all.Columns[1..], all.Count), context, changed);
            writer.Check(rows, context);
            new RowChanges(writer.Table, context).Update(
                ((ColumnBuffer<long>)all.Columns[0]).Values, null, rows, changed);
        }

        return (taken, found.Count, isLast);
    }

    private bool CanRunInPieces(ExecutionContext context) =>
        ChangePieces.MayBeMany(plan) && IsEachByItself(context);

    // Where keys change, a new one may be that of a row which changes later.
    private bool IsEachByItself(ExecutionContext context) =>
        Columns.Count == 0
        && resolution == ConflictResolution.Fail
        && !new RowChanges(writer.Table, context).IsSetOffBy(changed)
        && !ChangedKeys(context).Any();

    private IEnumerable<UniqueKey> ChangedKeys(ExecutionContext context) =>
        UniqueKey.AllOf(writer.Table, context.Transaction.Catalog)
            .Where(key => KeyCheck.IsIn(changed, key.Ordinals));

    private StatementResult RunInPieces(ExecutionContext context)
    {
        long count = 0;
        var changes = new RowChanges(writer.Table, context);
        foreach (RowBatch piece in ChangePieces.Read(plan, writer.Table, context))
        {
            RowBatch rows = writer.Complete(
                new RowBatch(piece.Columns[1..], piece.Count), context, changed);
            writer.Check(rows, context);
            int[]? kept = changes.Update(
                ((ColumnBuffer<long>)piece.Columns[0]).Values, null, rows, changed);
            count += kept?.Length ?? piece.Count;
        }

        return writer.Result(null, count, context);
    }

    // Each row meets the rows before it as they are by then.
    private StatementResult RunOneByOne(long[] rowIds, RowBatch rows, ExecutionContext context)
    {
        var updated = new List<int>(rowIds.Length);
        var gone = new HashSet<long>();
        for (int i = 0; i < rowIds.Length; i++)
        {
            context.ThrowIfCancelled();
            if (!gone.Contains(rowIds[i]) && TryUpdate(rowIds[i], rows.Gather([i]), gone, context))
            {
                updated.Add(i);
            }
        }

        RowBatch? stored = updated.Count == 0 ? null : rows.Gather([.. updated]);
        return writer.Result(stored, updated.Count, context);
    }

    private bool TryUpdate(long rowId, RowBatch row, HashSet<long> gone, ExecutionContext context)
    {
        int savepoint = context.Transaction.Savepoint();
        try
        {
            if (resolution == ConflictResolution.Replace)
            {
                RemoveInWay(rowId, row, gone, context);
            }

            writer.Check(row, context);
            return new RowChanges(writer.Table, context).Update([rowId], null, row, changed)
                is null;
        }
        catch (ConstraintException) when (resolution == ConflictResolution.Ignore)
        {
            context.Transaction.RollbackTo(savepoint);
            return false;
        }
    }

    private void RemoveInWay(
        long rowId, RowBatch row, HashSet<long> gone, ExecutionContext context)
    {
        TableSnapshot snapshot = context.Transaction.Open(writer.Table);
        var found = new RowAddress?[1];
        foreach (UniqueKey key in ChangedKeys(context))
        {
            key.Find(snapshot, key.ColumnsOf(row), found);
            if (found[0] is { } there && there.RowId != rowId && gone.Add(there.RowId))
            {
                new RowChanges(writer.Table, context).Delete([there.RowId], null);
            }
        }
    }
}
