namespace NeuroDb.Query;

/// <summary>
/// The rows of a table whose texts fit some words best, best first, with the score as a further
/// column; rows without any of the words come next, NULLs last.
/// </summary>
internal sealed class LogicalTextTopK : LogicalNode
{
    /// <summary>Makes the node.</summary>
    public LogicalTextTopK(
        LogicalScan scan, Expression? filter, TextScoring scoring, OutputColumn measure)
    {
        Scan = scan;
        Filter = filter;
        Scoring = scoring;
        Measure = measure;
        Output = [.. scan.Output, measure];
    }

    /// <summary>The table and the columns.</summary>
    public LogicalScan Scan { get; }

    /// <summary>Which rows are candidates; null for all.</summary>
    public Expression? Filter { get; }

    /// <summary>What the rows are ranked by.</summary>
    public TextScoring Scoring { get; }

    /// <summary>The last column: the score.</summary>
    public OutputColumn Measure { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<OutputColumn> Output { get; }
}
