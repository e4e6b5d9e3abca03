namespace NeuroDb.Query;

/// <summary>How rows are ranked by a vector column.</summary>
/// <param name="Distance">The expression that ranks.</param>
/// <param name="VectorOrdinal">The ordinal of the vector column in the table.</param>
/// <param name="Query">The vector compared with; reads no columns.</param>
/// <param name="Key">The item of ORDER BY.</param>
/// <param name="Limit">The most rows.</param>
/// <param name="Offset">The rows left out first; null for none.</param>
internal sealed record VectorRanking(
    VectorDistanceExpression Distance,
    int VectorOrdinal,
    Expression Query,
    SortKey Key,
    Expression Limit,
    Expression? Offset);
