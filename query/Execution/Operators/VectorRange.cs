using NeuroDb.Storage;

namespace NeuroDb.Query;

/// <summary>
/// The rows of a table that are near enough to a vector, and satisfy whatever else is asked. The
/// codes of an index leave out those that are certainly too far; all others are compared exactly.
/// Without a usable index it is a scan.
/// </summary>
internal sealed class VectorRange(
    TableScan scan,
    Expression condition,
    int ordinal,
    VectorDistanceExpression distance,
    Expression query,
    Expression bound)
    : PlanNode(scan.Output)
{
    /// <summary>The scan that gives the same rows.</summary>
    public TableScan Scan { get; } = scan;

    /// <summary>The whole condition, over the columns of the output.</summary>
    public Expression Condition { get; } = condition;

    /// <summary>The column of vectors.</summary>
    public int Ordinal { get; } = ordinal;

    /// <summary>What is compared.</summary>
    public VectorDistanceExpression Distance { get; } = distance;

    /// <summary>The vector.</summary>
    public Expression Query { get; } = query;

    /// <summary>What the distance or similarity is compared with.</summary>
    public Expression Bound { get; } = bound;

    /// <inheritdoc/>
    public override IEnumerable<Expression> Expressions => Scan.Expressions.Append(Query);

    /// <summary>The index that serves the condition; null if there is none or it is off.</summary>
    public VectorIndex? IndexIn(ExecutionContext context) => context.IsApproximate
        ? context.Transaction.VectorIndexOf(Scan.Table, Ordinal, Distance.Metric)
        : null;

    /// <inheritdoc/>
    public override string Describe() =>
        $"vectors of {Scan.Table.Schema.Name}."
        + $"{Scan.Table.Schema.Columns[Ordinal].Name} within a distance, filter: {Condition}";

    /// <inheritdoc/>
    public override IEnumerable<string> Details(ExecutionContext context)
    {
        VectorIndex? index = IndexIn(context);
        yield return index is null
            ? "search: by a scan"
            : $"search: through all codes of index {index.Describe()}";
        if (context.Profile?.Find(this)?.VectorSearch is { } done)
        {
            yield return VectorTopK.Describe(done, context.Profile.Clock);
        }
    }

    /// <inheritdoc/>
    protected override BatchCursor Start(ExecutionContext context) =>
        new VectorRangeCursor(this, context);
}
