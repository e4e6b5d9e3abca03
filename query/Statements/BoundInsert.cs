namespace NeuroDb.Query;

/// <summary>
/// INSERT: the source gives full rows in the order of the table's columns. With clauses, rows
/// whose key is there already are left out, replace the others, or update them.
/// </summary>
internal sealed class BoundInsert(
    TableWriter writer,
    PlanNode source,
    IReadOnlyList<ConflictClause> clauses,
    bool leavesOutInvalid)
    : BoundStatement
{
    // For each key of the table the parameters that give its columns; none where others do.
    private readonly int[][] _keyParameters =
        source is AssignedRows { IsOne: true } values
            ? [.. writer.Table.Schema.Keys.Select(key => values.ParametersOf(key.Ordinals))]
            : [];

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => writer.Returned;

    /// <inheritdoc/>
    public override bool ChangesData => true;

    /// <inheritdoc/>
    public override PlanNode? Plan => source;

    /// <inheritdoc/>
    public override void Prefetch(ReadOnlySpan<Value> parameters)
    {
        for (int i = 0; i < _keyParameters.Length; i++)
        {
            if (_keyParameters[i].Length > 0)
            {
                writer.Table.Rows.PrefetchKey(i, parameters, _keyParameters[i]);
            }
        }
    }

    /// <inheritdoc/>
    public override StatementResult Run(ExecutionContext context)
    {
        var changes = new RowChanges(writer.Table, context);
        bool isPlain = clauses.Count == 0 && Columns.Count == 0 && !changes.HasRules;
        if (isPlain && source is not (AssignedRows or ValuesRows))
        {
            return RunInPieces(context);
        }

        RowBatch? rows = isPlain && !writer.Computes && context.Profile is null
            && source is AssignedRows assigned
                ? assigned.ReadToCopy(context)
                : BatchJoiner.ReadAll(source, context);
        if (rows is null)
        {
            return writer.Result(null, 0, context);
        }

        rows = writer.Complete(
            IdentityFiller.Fill(rows, writer.Table, context.Transaction), context);
        if (clauses.Count > 0)
        {
            return RunWithConflicts(rows, context);
        }

        writer.Check(rows, context);
        int[]? kept = changes.Insert(rows);
        rows = kept is null ? rows : rows.Gather(kept);
        TakeLastRowId(rows, rows.Count - 1, context);
        return writer.Result(rows, rows.Count, context);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Lookups(ExecutionContext context) =>
        ChangeLookups.OfInsert(writer.Table, clauses, context);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) =>
        ChangeText.Lines(
            $"Insert into {writer.Table.Schema.Name}", source, context, Lookups(context));

    /// <inheritdoc/>
    public override bool CanRunMany(ExecutionContext context) =>
        Columns.Count == 0 && source is AssignedRows { IsOne: true }
        && !RowChanges.MeetsItself(writer.Table, context.Transaction.Catalog);

    /// <inheritdoc/>
    public override StatementResult[]? RunMany(
        ExecutionContext context, IReadOnlyList<Value[]> sets)
    {
        RowBatch rows = ((AssignedRows)source).ReadMany(context, sets);
        int identity = writer.Table.Schema.IdentityOrdinal;
        if (identity >= 0 && HasSomeNulls(rows.Columns[identity]))
        {
            return null;
        }

        rows = writer.Complete(
            IdentityFiller.Fill(rows, writer.Table, context.Transaction), context);
        if (leavesOutInvalid)
        {
            if (writer.Valid(rows, context).Count < rows.Count)
            {
                return null;
            }
        }
        else
        {
            writer.Check(rows, context);
        }

        if (clauses.Count == 0)
        {
            new RowChanges(writer.Table, context).Insert(rows);
            TakeLastRowId(rows, rows.Count - 1, context);
            return StatementResult.OfMany(rows.Count, 1);
        }

        var run = new ConflictRun(writer, clauses, context);
        int count = run.Run(rows);
        TakeLastRowId(rows, run.LastInserted, context);
        return StatementResult.OfMany(count, run.IsStored(rows.Count - 1) ? 1 : 0);
    }

    // Numbers that are given and numbers that are taken meet each other in order.
    private static bool HasSomeNulls(ColumnBuffer keys)
    {
        int count = 0;
        for (int row = 0; row < keys.Count; row++)
        {
            count += keys.IsNull(row) ? 1 : 0;
        }

        return count > 0 && count < keys.Count;
    }

    private StatementResult RunInPieces(ExecutionContext context)
    {
        long count = 0;
        var changes = new RowChanges(writer.Table, context);
        foreach (RowBatch piece in ChangePieces.Read(source, writer.Table, context))
        {
            RowBatch rows = writer.Complete(
                IdentityFiller.Fill(piece, writer.Table, context.Transaction), context);
            writer.Check(rows, context);
            Invariant.Check(changes.Insert(rows) is null);
            TakeLastRowId(rows, rows.Count - 1, context);
            count += rows.Count;
        }

        return writer.Result(null, count, context);
    }

    private StatementResult RunWithConflicts(RowBatch rows, ExecutionContext context)
    {
        if (leavesOutInvalid)
        {
            rows = writer.Valid(rows, context);
        }
        else
        {
            writer.Check(rows, context);
        }

        var run = new ConflictRun(writer, clauses, context);
        int count = run.Run(rows);
        TakeLastRowId(rows, run.LastInserted, context);
        return writer.Result(run.Stored, count, context);
    }

    private void TakeLastRowId(RowBatch rows, int row, ExecutionContext context)
    {
        int identity = writer.Table.Schema.IdentityOrdinal;
        if (identity >= 0 && row >= 0)
        {
            context.Changes.LastRowId = rows.Columns[identity].GetValue(row).AsInt64();
        }
    }
}
