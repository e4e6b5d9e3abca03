namespace NeuroDb.Query;

/// <summary>A whole query: WITH, the body, ORDER BY, LIMIT and OFFSET.</summary>
/// <param name="With">The common table expressions; empty without WITH.</param>
/// <param name="Body">The body.</param>
/// <param name="OrderBy">The order; empty without ORDER BY.</param>
/// <param name="Limit">The most rows, or null.</param>
/// <param name="Offset">The rows left out first, or null.</param>
internal sealed record QuerySyntax(
    IReadOnlyList<CommonTableSyntax> With,
    QueryBodySyntax Body,
    IReadOnlyList<OrderItemSyntax> OrderBy,
    ExpressionSyntax? Limit,
    ExpressionSyntax? Offset) : SyntaxNode
{
    /// <summary>Whether FOR UPDATE or its like is written.</summary>
    public bool IsLocking { get; init; }
}
