namespace NeuroDb.Query;

/// <summary>
/// MERGE: every joined row takes the first clause that fits it. What is to be stored is computed of
/// all rows before anything is; then rows are deleted, updated and inserted, in this order.
/// </summary>
internal sealed class BoundMerge(
    TableWriter writer,
    PlanNode plan,
    IReadOnlyList<MergeClause> clauses,
    OutputColumn[] returned,
    Expression[] returning)
    : BoundStatement
{
    private readonly int _width = writer.Table.Schema.Columns.Count;

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => returned;

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
            return new StatementResult(returned, 0);
        }

        List<MergeChange> changes = Choose(found, context);
        CheckOnce(changes, found);
        var stored = new List<(int[] Places, RowBatch Rows)>();
        long count = 0;
        foreach (MergeChange change in changes.OrderBy(static change => change.Clause.Action))
        {
            (int[] kept, RowBatch rows) = Apply(change, found, context);
            count += kept.Length;
            if (returning.Length > 0 && kept.Length > 0)
            {
                int[] places = [.. kept.Select(i => change.Places[i])];
                stored.Add((places, Returned(found, places, rows, change, context)));
            }
        }

        if (stored.Count == 0)
        {
            return new StatementResult(returned, count);
        }

        int[] all = [.. stored.SelectMany(static part => part.Places)];
        int[] order = [.. Enumerable.Range(0, all.Length)];
        Array.Sort(all, order);
        RowBatch result = BatchJoiner.Join([.. stored.Select(static part => part.Rows)]);
        return new StatementResult(
            returned, count, new BufferedCursor([result.Gather(order)]));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Lookups(ExecutionContext context) =>
    [
        .. clauses.Select(static clause => clause.Action).Distinct().Order().SelectMany(
            action => action switch
            {
                MergeAction.Delete => ChangeLookups.OfDelete(writer.Table, context),
                MergeAction.Update => ChangeLookups.OfUpdate(writer.Table, Changed(), context),
                MergeAction.Insert => ChangeLookups.OfInsert(writer.Table, [], context),
                _ => [],
            }).Distinct(),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) =>
        ChangeText.Lines(
            $"Merge into {writer.Table.Schema.Name}", plan, context, Lookups(context));

    // The columns that any UPDATE of it changes.
    private IReadOnlySet<int> Changed() => writer.ChangedWith(
        clauses.Where(static clause => clause.Action == MergeAction.Update)
            .SelectMany(static clause => UpdateBinder.OrdinalsOf(clause.Values)));

    // What each clause does with which rows; nothing is stored yet.
    private List<MergeChange> Choose(RowBatch found, ExecutionContext context)
    {
        ColumnBuffer address = found.Columns[_width];
        ColumnBuffer mark = found.Columns[^1];
        var waiting = new List<int>[3];
        for (int i = 0; i < waiting.Length; i++)
        {
            waiting[i] = [];
        }

        for (int row = 0; row < found.Count; row++)
        {
            MergeMatch match = address.IsNull(row) ? MergeMatch.NotMatchedByTarget
                : mark.IsNull(row) ? MergeMatch.NotMatchedBySource
                : MergeMatch.Matched;
            waiting[(int)match].Add(row);
        }

        var changes = new List<MergeChange>();
        foreach (MergeClause clause in clauses)
        {
            List<int> rows = waiting[(int)clause.Match];
            if (rows.Count == 0)
            {
                continue;
            }

            RowBatch batch = found.Gather([.. rows]);
            int[]? passing = clause.Condition is null
                ? null
                : Conditions.Rows(clause.Condition, batch, context);
            int[] places = passing is null ? [.. rows] : [.. passing.Select(i => rows[i])];
            waiting[(int)clause.Match] = passing is null ? [] : [.. rows.Except(places)];
            if (places.Length > 0 && clause.Action != MergeAction.Nothing)
            {
                batch = passing is null ? batch : batch.Gather(passing);
                changes.Add(new MergeChange(clause, places, New(clause, batch, context)));
            }
        }

        return changes;
    }

    // The rows of the table as a clause wants them; as they are for DELETE.
    private RowBatch New(MergeClause clause, RowBatch batch, ExecutionContext context)
    {
        var columns = new ColumnBuffer[_width];
        for (int i = 0; i < columns.Length; i++)
        {
            Expression? value = clause.Values.Length == 0 ? null : clause.Values[i];
            columns[i] = value?.Evaluate(batch, context) ?? batch.Columns[i];
        }

        return new RowBatch(columns, batch.Count);
    }

    private void CheckOnce(List<MergeChange> changes, RowBatch found)
    {
        var changed = new HashSet<long>();
        foreach (MergeChange change in changes)
        {
            if (change.Clause.Action != MergeAction.Insert
                && !Array.TrueForAll(RowIds(change, found), changed.Add))
            {
                throw new NeuroStoreException(
                    ErrorCode.MoreThanOneRow,
                    $"MERGE would change a row of {writer.Table.Schema.Name} twice: more than one "
                    + "row of the source matches it. Nothing was stored.");
            }
        }
    }

    private long[] RowIds(MergeChange change, RowBatch found)
    {
        var addresses = (ColumnBuffer<long>)found.Columns[_width];
        return [.. change.Places.Select(row => addresses.Values[row])];
    }

    private (int[] Kept, RowBatch Rows) Apply(
        MergeChange change, RowBatch found, ExecutionContext context)
    {
        RowBatch rows = change.Rows;
        var table = new RowChanges(writer.Table, context);
        int[]? kept;
        switch (change.Clause.Action)
        {
            case MergeAction.Delete:
                kept = table.Delete(RowIds(change, found), rows);
                break;
            case MergeAction.Update:
                IReadOnlySet<int> changed =
                    writer.ChangedWith(UpdateBinder.OrdinalsOf(change.Clause.Values));
                rows = writer.Complete(rows, context, changed);
                writer.Check(rows, context);
                kept = table.Update(RowIds(change, found), null, rows, changed);
                break;
            default:
                rows = writer.Complete(
                    IdentityFiller.Fill(rows, writer.Table, context.Transaction), context);
                writer.Check(rows, context);
                kept = table.Insert(rows);
                TakeLastRowId(kept is null ? rows : rows.Gather(kept), context);
                break;
        }

        return kept is null
            ? ([.. Enumerable.Range(0, rows.Count)], rows)
            : (kept, rows.Gather(kept));
    }

    private void TakeLastRowId(RowBatch rows, ExecutionContext context)
    {
        int identity = writer.Table.Schema.IdentityOrdinal;
        if (identity >= 0 && rows.Count > 0)
        {
            context.Changes.LastRowId =
                rows.Columns[identity].GetValue(rows.Count - 1).AsInt64();
        }
    }

    private RowBatch Returned(
        RowBatch found,
        int[] places,
        RowBatch rows,
        MergeChange change,
        ExecutionContext context)
    {
        RowBatch all = found.Gather(places);
        string action = change.Clause.Action.ToString().ToUpperInvariant();
        var input = new RowBatch(
            [
                .. all.Columns[(_width + 1)..^1],
                .. rows.Columns,
                ColumnBuffer.Constant(DataType.Text, Value.Of(action), rows.Count),
            ],
            rows.Count);
        return new RowBatch(
            [.. returning.Select(item => item.Evaluate(input, context))], rows.Count);
    }
}
