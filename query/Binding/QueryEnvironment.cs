namespace NeuroDb.Query;

/// <summary>What a query sees of its surroundings.</summary>
/// <param name="Outer">The names of the enclosing query's row, or null.</param>
/// <param name="Captures">Where values of that row are collected; null without one.</param>
/// <param name="Tables">The items of WITH in reach, or null.</param>
internal sealed record QueryEnvironment(
    Scope? Outer, OuterCaptures? Captures, CommonTable? Tables)
{
    /// <summary>The surroundings of a statement's own query: none.</summary>
    public static QueryEnvironment Empty { get; } = new(null, null, null);

    /// <summary>The same with further items of WITH; each sees those before it.</summary>
    public QueryEnvironment With(IReadOnlyList<CommonTableSyntax> tables)
    {
        QueryEnvironment inner = this;
        foreach (CommonTableSyntax table in tables)
        {
            inner = inner with { Tables = new CommonTable(table, inner, inner.Tables) };
        }

        return inner;
    }
}
