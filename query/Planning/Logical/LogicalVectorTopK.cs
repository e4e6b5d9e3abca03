namespace NeuroDb.Query;

/// <summary>
/// The rows of a table whose vectors are closest to a given one, closest first, with the distance
/// as a further column; rows without a distance come last.
/// </summary>
internal sealed class LogicalVectorTopK : LogicalNode
{
    /// <summary>Makes the node.</summary>
    public LogicalVectorTopK(
        LogicalScan scan, Expression? filter, VectorRanking ranking, OutputColumn measure)
    {
        Scan = scan;
        Filter = filter;
        Ranking = ranking;
        Measure = measure;
        Output = [.. scan.Output, measure];
    }

    /// <summary>The table and the columns.</summary>
    public LogicalScan Scan { get; }

    /// <summary>Which rows are candidates; null for all.</summary>
    public Expression? Filter { get; }

    /// <summary>What the rows are ranked by.</summary>
    public VectorRanking Ranking { get; }

    /// <summary>The last column: the distance or similarity.</summary>
    public OutputColumn Measure { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Output { get; }
}
