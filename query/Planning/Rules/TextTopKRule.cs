namespace NeuroDb.Query;

/// <summary>
/// Turns "the first k by bm25 of a table's text column" into a search of its text index. The
/// other columns are read for these k rows only, and the score is used again where the result
/// shows it.
/// </summary>
internal static class TextTopKRule
{
    /// <summary>The plan with such orders replaced.</summary>
    public static LogicalNode Apply(LogicalNode plan, ColumnIdentifiers identifiers) =>
        plan.Rewrite(node => node is LogicalTopK { Keys.Count: 1 } top
            && RankedScan.TryFind(top) is { } ranked
            ? Fuse(top, ranked, identifiers) ?? node
            : node);

    private static LogicalNode? Fuse(
        LogicalTopK top, RankedScan ranked, ColumnIdentifiers identifiers)
    {
        SortKey key = top.Keys[0];
        if (ranked.Key is not TextScoreExpression { Text: ColumnExpression } score
            || !key.IsDescending
            || key.NullsFirst
            || !score.Words.IsRowIndependent
            || score.Words.Any(part => part is SubqueryExpression))
        {
            return null;
        }

        OutputColumn measure = identifiers.NewColumn(score.ToString(), score.Type);
        var scoring = new TextScoring(score, key, top.Limit, top.Offset);
        return ranked.Project(
            new LogicalTextTopK(ranked.Scan, ranked.Filter, scoring, measure), measure);
    }
}
