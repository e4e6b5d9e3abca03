namespace NeuroDb.Query;

/// <summary>A value for each element of a list: <c>lambda x: x + 1</c>.</summary>
/// <param name="Names">The element and, behind it, its place from 1; one or two names.</param>
/// <param name="Body">The value.</param>
internal sealed record LambdaExpressionSyntax(
    IReadOnlyList<IdentifierSyntax> Names, ExpressionSyntax Body) : ExpressionSyntax;
