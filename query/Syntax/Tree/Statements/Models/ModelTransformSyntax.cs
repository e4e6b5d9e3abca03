namespace NeuroDb.Query;

/// <summary>One item of TRANSFORM: <c>hash(name, 32) AS name</c>.</summary>
/// <param name="Expression">The call.</param>
/// <param name="Alias">The name behind AS, or null.</param>
internal sealed record ModelTransformSyntax(
    ExpressionSyntax Expression, IdentifierSyntax? Alias) : SyntaxNode;
