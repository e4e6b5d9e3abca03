using System.Globalization;
using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The rows of a table whose vectors are closest to a given one. The condition becomes a mask over
/// the rows, or a plan below gives those that joins let through; one kernel computes the distances
/// and keeps the best k; only then are the other columns read, for these rows. Rows without a
/// distance fill up the end.
/// </summary>
internal sealed class VectorTopK(
    TableScan scan,
    VectorRanking ranking,
    PlanNode general,
    PlanNode? passing,
    IReadOnlyList<OutputColumn> output)
    : PlanNode(output)
{
    /// <summary>
    /// The most rows that are asked of an index: beyond, most rows come close enough to be
    /// compared anyway.
    /// </summary>
    public const int IndexedCountMax = 10_000;

    /// <summary>The table, the condition and the columns to read.</summary>
    public TableScan Scan { get; } = scan;

    /// <summary>What the rows are ranked by; resolved.</summary>
    public VectorRanking Ranking { get; } = ranking;

    /// <summary>
    /// The places among the columns of the scan of those that come out, the distance after them.
    /// The row address, if the scan gives it, is the last of its columns.
    /// </summary>
    public int[] Fetched { get; } =
        [.. output.SkipLast(1).Select(column => IndexOf(scan.Output, column))];

    /// <summary>
    /// Gives the addresses of the candidates in one column; null for all that pass the condition.
    /// </summary>
    public PlanNode? Passing { get; } = passing;

    /// <summary>
    /// Whether the candidates are the same for all rows of an enclosing query.
    /// </summary>
    public bool HasFreePassing { get; init; } = true;

    /// <summary>
    /// What divides the rows, over the columns of the table; empty for one limit of all.
    /// </summary>
    public NarrowExpression[] Groups { get; init; } = [];

    /// <summary>Whether the candidates are fewer than the rows of the table.</summary>
    public bool IsFiltered => Passing is not null || Scan.Filter is not null;

    /// <inheritdoc/>
    public override IReadOnlyList<PlanNode> Children => Passing is null ? [] : [Passing];

    /// <summary>The metric for the kernel.</summary>
    public Metric Metric => Ranking.Distance.Metric;

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions =>
        Scan.Expressions.Append(Ranking.Query);

    /// <summary>What EXPLAIN ANALYZE says of a search through an index.</summary>
    public static string Describe(in VectorSearchStatistics done, TimeProvider clock)
    {
        double share = done.ShareOf(MemorySpeed.BytesPerSecond(clock));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"index: {done.Lists} lists probed, {done.Codes} codes scanned, ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"{done.Reranked} rows re-ranked, {done.Bytes} bytes, ")
            + string.Create(
                CultureInfo.InvariantCulture, $"{100 * share:F0} % of a thread's bandwidth");
    }

    /// <inheritdoc/>
    public override string Describe()
    {
        string column = Scan.Table.Schema.Columns[Ranking.VectorOrdinal].Name;
        string offset = Ranking.Offset is null ? "" : $" offset {Ranking.Offset}";
        string filter = Scan.Filter is null ? "" : $", filter before ranking: {Scan.Filter}";
        string ties = Ranking.TieKey is null && (!Ranking.IsWithTies || Ranking.IsFarthest)
            ? ""
            : ", with ties";
        string passing = Passing is null ? "" : ", rows before ranking: those of the plan below";
        string groups = Groups.Length == 0
            ? ""
            : $" for each {string.Join(", ", Groups.Select(static key => key.ToString()))}";
        string kind = Ranking.IsFarthest ? "farthest" : "top";
        return $"vector {kind} {Ranking.Limit}{offset}{groups} of {Scan.Table.Schema.Name}."
            + $"{column} by {Ranking.Distance}{ties}{filter}{passing}";
    }

    /// <summary>The index that serves the order; null if there is none or it is off.</summary>
    public VectorIndex? IndexIn(ExecutionContext context) => context.IsApproximate
        && Groups.Length == 0 && !Ranking.IsFarthest && VectorIndexOptions.IsSupported(Metric)
            ? context.Transaction.VectorIndexOf(Scan.Table, Ranking.VectorOrdinal, Metric)
            : null;

    /// <inheritdoc/>
    public override IEnumerable<string> Details(ExecutionContext context)
    {
        yield return $"order: {Ranking.Key}";
        VectorIndex? index = IndexIn(context);
        yield return index is null ? "search: exact"
            : IsMany(context) ? $"search: exact, for more than {IndexedCountMax} rows"
            : $"search: by index {index.Describe()}";
        NodeProfile? profile = context.Profile?.Find(this);
        if (profile?.VectorSearch is { } done)
        {
            yield return Describe(done, context.Profile!.Clock);
        }

        if (profile?.VectorScan is { } scan)
        {
            yield return scan.ToString();
        }

        yield return
            $"accelerator: {context.Accelerator.Accelerator.Name} ({context.Accelerator.Reason})";
    }

    /// <inheritdoc/>
    public override string Device(ExecutionContext context) => IndexIn(context) is null
        ? context.Accelerator.Accelerator.Name
        : base.Device(context);

    private static int IndexOf(IReadOnlyList<OutputColumn> columns, OutputColumn column)
    {
        int index = columns.Count - 1;
        while (columns[index].Id != column.Id)
        {
            index--;
        }

        return index;
    }

    // Before a run it is known where the numbers are, or the parameters at hand.
    private bool IsMany(ExecutionContext context) =>
        KnownCount(Ranking.Limit, int.MaxValue, context)
        + KnownCount(Ranking.Offset, 0, context) > IndexedCountMax;

    private static long KnownCount(
        Expression? count, int otherwise, ExecutionContext context) =>
        count is null || count.Any(static part => part is OuterExpression or PlannedSubquery)
            ? 0
            : Math.Min(int.MaxValue, Conditions.CountOf(count, otherwise, context));

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context)
    {
        long limit = Conditions.CountOf(Ranking.Limit, long.MaxValue, context);
        long offset = Conditions.CountOf(Ranking.Offset, 0, context);
        bool isMany = limit > TopKHeap.CapacityMax || offset > TopKHeap.CapacityMax - limit;
        return isMany && Passing is null
            ? general.Open(context)
            : new VectorTopKCursor(
                this,
                isMany && Groups.Length > 0 ? int.MaxValue : (int)Math.Min(limit, int.MaxValue),
                (int)Math.Min(offset, int.MaxValue),
                context);
    }
}
