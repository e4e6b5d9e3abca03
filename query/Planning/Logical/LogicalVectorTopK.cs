namespace NeuroDb.Query;

/// <summary>
/// The rows of a table whose vectors are closest to a given one, closest first, with the distance
/// as a further column; rows without a distance come last.
/// </summary>
internal sealed class LogicalVectorTopK : LogicalNode
{
    /// <summary>Makes the node; all columns of the scan come out if none are given.</summary>
    public LogicalVectorTopK(
        LogicalScan scan,
        Expression? filter,
        VectorRanking ranking,
        OutputColumn measure,
        LogicalNode? passing = null,
        IReadOnlyList<OutputColumn>? columns = null)
    {
        Invariant.Check(passing is null || filter is null);
        Passing = passing;
        Scan = scan;
        Filter = filter;
        Ranking = ranking;
        Measure = measure;
        Columns = columns ?? scan.Output;
        Output = [.. Columns, measure];
    }

    /// <summary>The table and the columns.</summary>
    public LogicalScan Scan { get; }

    /// <summary>Which rows are candidates; null for all.</summary>
    public Expression? Filter { get; }

    /// <summary>What the rows are ranked by.</summary>
    public VectorRanking Ranking { get; }

    /// <summary>The last column: the distance or similarity.</summary>
    public OutputColumn Measure { get; }

    /// <summary>
    /// Gives the addresses of the candidates in one column, perhaps several times; null for those
    /// that pass the filter.
    /// </summary>
    public LogicalNode? Passing { get; }

    /// <summary>The columns of the scan that come out: others are only ranked by.</summary>
    public IReadOnlyList<OutputColumn> Columns { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Output { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<LogicalNode> Children => Passing is null ? [] : [Passing];

    /// <inheritdoc/>
    public override LogicalNode MapExpressions(Func<Expression, Expression> map) =>
        new LogicalVectorTopK(
            Scan, Filter is null ? null : map(Filter), Ranking.Map(map), Measure, Passing,
            Columns);

    /// <inheritdoc/>
    public override LogicalNode WithChildren(IReadOnlyList<LogicalNode> children) =>
        new LogicalVectorTopK(
            Scan, Filter, Ranking, Measure, children.Count == 0 ? null : children[0], Columns);

    /// <summary>The same rows of a scan with fewer columns, of which only these come out.</summary>
    public LogicalVectorTopK With(LogicalScan scan, IReadOnlyList<OutputColumn> columns) =>
        new(scan, Filter, Ranking, Measure, Passing, columns);
}
