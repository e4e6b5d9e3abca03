namespace NeuroDb.Query;

/// <summary>One item of ORDER BY.</summary>
/// <param name="Expression">The expression; an integer literal is a position.</param>
/// <param name="Direction">The direction as written.</param>
/// <param name="Nulls">Where NULLs go, as written.</param>
internal sealed record OrderItemSyntax(
    ExpressionSyntax Expression,
    SortDirection Direction,
    NullOrder Nulls) : SyntaxNode;
