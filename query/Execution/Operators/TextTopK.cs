namespace NeuroDb.Query;

/// <summary>
/// The rows of a table whose texts fit some words best. The condition becomes a mask over the rows,
/// the text index ranks what passes, and only then are the other columns read, for the rows of the
/// answer. Rows without any of the words fill up the end, then NULLs.
/// </summary>
internal sealed class TextTopK(
    TableScan scan, TextScoring scoring, TopK general, IReadOnlyList<OutputColumn> output)
    : PlanNode(output)
{
    /// <summary>The table, the condition and the columns to read.</summary>
    public TableScan Scan { get; } = scan;

    /// <summary>What the rows are ranked by; resolved.</summary>
    public TextScoring Scoring { get; } = scoring;

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => Scan.Expressions;

    /// <inheritdoc/>
    public override string Describe()
    {
        string offset = Scoring.Offset is null ? "" : $" offset {Scoring.Offset}";
        string filter = Scan.Filter is null ? "" : $", filter before ranking: {Scan.Filter}";
        return $"text top {Scoring.Limit}{offset} of {Scan.Table.Schema.Name} by {Scoring.Score}, "
            + $"index {Scoring.Score.Index.Schema.Name}{filter}";
    }

    /// <inheritdoc/>
    public override IEnumerable<string> Details(ExecutionContext context) =>
        [$"order: {Scoring.Key}"];

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context)
    {
        long limit = Conditions.CountOf(Scoring.Limit, long.MaxValue, context);
        long offset = Conditions.CountOf(Scoring.Offset, 0, context);
        Value words = Conditions.ValueOf(Scoring.Score.Words, context);
        return words.IsNull || limit > Gpu.TopKHeap.CapacityMax
            || offset > Gpu.TopKHeap.CapacityMax - limit
            ? general.Open(context)
            : new TextTopKCursor(this, words.AsText(), (int)limit, (int)offset, context);
    }
}
