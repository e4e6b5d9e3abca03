namespace NeuroDb.Query;

/// <summary>One row of VALUES.</summary>
/// <param name="Values">The values; at least one.</param>
internal sealed record RowSyntax(IReadOnlyList<ExpressionSyntax> Values) : SyntaxNode;
