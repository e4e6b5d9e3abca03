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
    Expression? Offset)
{
    /// <summary>
    /// Whether these rows are the answer; otherwise an order above chooses among them: nothing is
    /// left out for the offset, and more rows may be given.
    /// </summary>
    public bool IsFinal { get; init; } = true;

    /// <summary>
    /// What further items of the order stand behind, over the measure: all rows are given for
    /// which it is as that of the last one wanted. Null where the distance alone decides.
    /// </summary>
    public Expression? TieKey { get; init; }

    /// <summary>
    /// Whether the farthest rows are asked for, the farthest first.
    /// </summary>
    public bool IsFarthest { get; init; }

    /// <summary>
    /// Whether all rows of a group are given that are as near as the last one wanted.
    /// </summary>
    public bool IsWithTies { get; init; }

    /// <summary>
    /// What divides the rows, where the limit is one of each group; empty for one limit of all.
    /// </summary>
    public IReadOnlyList<Expression> Groups { get; init; } = [];

    /// <summary>
    /// The ranking by a distance; null if it is not one of a column of the table from a vector
    /// that is the same for all rows.
    /// </summary>
    public static VectorRanking? TryMake(
        VectorDistanceExpression distance,
        LogicalScan scan,
        SortKey key,
        Expression limit,
        Expression? offset)
    {
        bool leftIsColumn = distance.Left is ColumnExpression;
        Expression column = leftIsColumn ? distance.Left : distance.Right;
        Expression query = leftIsColumn ? distance.Right : distance.Left;
        return column is ColumnExpression { Type.Length: > 0, Id: var id }
            && query.IsRowIndependent
            && !query.Any(part => part is SubqueryExpression { Captures.Count: > 0 })
            && scan.Columns.FirstOrDefault(item => item.Column.Id == id) is { } scanned
                ? new VectorRanking(distance, scanned.Ordinal, query, key, limit, offset)
                : null;
    }

    /// <summary>The ranking with every expression replaced.</summary>
    public VectorRanking Map(Func<Expression, Expression> map) => this with
    {
        Distance = (VectorDistanceExpression)Distance.WithChildren(
            [map(Distance.Left), map(Distance.Right)]),
        Query = map(Query),
        Key = Key with { Expression = map(Key.Expression) },
        Limit = map(Limit),
        Offset = Offset is null ? null : map(Offset),
        TieKey = TieKey is null ? null : map(TieKey),
        Groups = [.. Groups.Select(map)],
    };
}
