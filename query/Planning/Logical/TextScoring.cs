namespace NeuroDb.Query;

/// <summary>How rows are ranked by a text column.</summary>
/// <param name="Score">The expression that ranks.</param>
/// <param name="Key">The item of ORDER BY.</param>
/// <param name="Limit">The most rows.</param>
/// <param name="Offset">The rows left out first; null for none.</param>
internal sealed record TextScoring(
    TextScoreExpression Score, SortKey Key, Expression Limit, Expression? Offset);
