namespace NeuroDb.Query;

/// <summary>A query in parentheses used as a body.</summary>
/// <param name="Query">The query.</param>
internal sealed record NestedQuerySyntax(QuerySyntax Query) : QueryBodySyntax;
