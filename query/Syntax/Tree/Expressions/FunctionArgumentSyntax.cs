namespace NeuroDb.Query;

/// <summary>One argument of a call.</summary>
/// <param name="Name">The name of <c>name =&gt; value</c>, or null.</param>
/// <param name="Value">The value.</param>
internal sealed record FunctionArgumentSyntax(
    IdentifierSyntax? Name,
    ExpressionSyntax Value) : SyntaxNode;
