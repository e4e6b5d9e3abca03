namespace NeuroDb.Query;

/// <summary>One end of a frame.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Offset">How far from the current row; null unless the kind counts.</param>
internal sealed record FrameBoundSyntax(
    FrameBoundKind Kind, ExpressionSyntax? Offset) : SyntaxNode;
