using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// A statement whose WITH changes rows. All parts read the tables as they were before it, and know
/// of each other only what RETURNING gives; a row that one part changed, later parts leave as it
/// is. The parts run in the order written, each once, also if nobody reads its rows.
/// </summary>
internal sealed class BoundWithChanges(
    IReadOnlyList<(WorkingTable Rows, BoundStatement Change)> parts,
    BoundStatement last,
    IReadOnlyList<TableEntry> tables)
    : BoundStatement
{
    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Columns => last.Columns;

    /// <inheritdoc/>
    public override bool ChangesData => true;

    /// <inheritdoc/>
    public override PlanNode? Plan => last.Plan;

    /// <inheritdoc/>
    public override StatementResult Run(ExecutionContext context)
    {
        ExecutionContext own = context.ForParts(tables);
        long count = 0;
        foreach ((WorkingTable rows, BoundStatement change) in parts)
        {
            using StatementResult result = change.Run(own);
            count += result.RowsAffected;
            own.State.Get<KeptRows>(rows).Rows = Keep(result, change.Plan!, own);
        }

        if (last.ChangesData)
        {
            return last.Run(own);
        }

        using StatementResult query = last.Run(own);
        return new StatementResult(
            Columns, count, new BufferedCursor(RowsOf(query) is { } found ? [found] : []));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Explain(ExecutionContext context) =>
    [
        .. parts.SelectMany(part => part.Change.Explain(context)
            .Select((line, i) => i == 0 ? $"{part.Rows.Name}: {line}" : line)),
        .. last.Explain(context),
    ];

    private static RowSpool Keep(
        StatementResult result, PlanNode plan, ExecutionContext context)
    {
        var rows = new RowSpool(
            plan, result.Columns.Select(static column => column.Type), context);
        while (result.Next() is { } batch)
        {
            rows.Add(batch);
        }

        rows.Complete();
        return rows;
    }

    private static RowBatch? RowsOf(StatementResult result)
    {
        var batches = new List<RowBatch>();
        while (result.Next() is { } batch)
        {
            batches.Add(batch);
        }

        return batches.Count switch
        {
            0 => null,
            1 => batches[0],
            _ => BatchJoiner.Join(batches),
        };
    }
}
