using System.Globalization;
using NeuroDb.Gpu;
using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The rows of a table whose vectors are closest to a given one. The condition becomes a mask over
/// the rows; one kernel computes the distances and keeps the best k; only then are the other
/// columns read, for these rows. Rows without a distance fill up the end.
/// </summary>
internal sealed class VectorTopK(
    TableScan scan, VectorRanking ranking, TopK general, IReadOnlyList<OutputColumn> output)
    : PlanNode(output)
{
    /// <summary>The table, the condition and the columns to read.</summary>
    public TableScan Scan { get; } = scan;

    /// <summary>What the rows are ranked by; resolved.</summary>
    public VectorRanking Ranking { get; } = ranking;

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
        return $"vector top {Ranking.Limit}{offset} of {Scan.Table.Schema.Name}.{column} by "
            + $"{Ranking.Distance}{filter}";
    }

    /// <summary>The index that serves the order; null if there is none or it is off.</summary>
    public VectorIndex? IndexIn(ExecutionContext context) => context.IsApproximate
        && VectorIndexOptions.IsSupported(Metric)
            ? context.Transaction.VectorIndexOf(Scan.Table, Ranking.VectorOrdinal, Metric)
            : null;

    /// <inheritdoc/>
    public override IEnumerable<string> Details(ExecutionContext context)
    {
        yield return $"order: {Ranking.Key}";
        VectorIndex? index = IndexIn(context);
        yield return index is null ? "search: exact" : $"search: by index {index.Describe()}";
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

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context)
    {
        long limit = Conditions.CountOf(Ranking.Limit, long.MaxValue, context);
        long offset = Conditions.CountOf(Ranking.Offset, 0, context);
        return limit > TopKHeap.CapacityMax || offset > TopKHeap.CapacityMax - limit
            ? general.Open(context)
            : new VectorTopKCursor(this, (int)limit, (int)offset, context);
    }
}
