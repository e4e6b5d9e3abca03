namespace NeuroDb.Query;

/// <summary>One item of an order.</summary>
/// <param name="Expression">What is compared.</param>
/// <param name="IsDescending">Whether the greatest comes first.</param>
/// <param name="NullsFirst">Whether NULLs come before all values.</param>
/// <param name="IsDirectionDefault">
/// Whether the direction was not written and follows from the type of the item, as for a score.
/// </param>
internal sealed record SortKey(
    Expression Expression, bool IsDescending, bool NullsFirst, bool IsDirectionDefault = false)
{
    /// <summary>The same order over changed expressions.</summary>
    public static SortKey[] Map(IReadOnlyList<SortKey> keys, Func<Expression, Expression> map) =>
        [.. keys.Select(key => key with { Expression = map(key.Expression) })];

    /// <summary>The item for EXPLAIN.</summary>
    public override string ToString()
    {
        string name = Expression.Type.Kind == TypeKind.Score ? "score" : Expression.ToString();
        string direction = IsDescending ? " DESC" : "";
        bool nullsUsual = NullsFirst != IsDescending;
        bool isRanking = Expression.Type.Kind is TypeKind.Score;
        string nulls = nullsUsual || isRanking ? "" : NullsFirst ? " NULLS FIRST" : " NULLS LAST";
        return $"{name}{direction}{nulls}{(IsDirectionDefault && isRanking ? " (default)" : "")}";
    }
}
