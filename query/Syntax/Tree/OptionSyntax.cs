namespace NeuroDb.Query;

/// <summary>One <c>name = value</c> of a WITH list.</summary>
/// <param name="Name">The name of the option.</param>
/// <param name="Value">The value; a bare word is a column reference.</param>
internal sealed record OptionSyntax(IdentifierSyntax Name, ExpressionSyntax Value) : SyntaxNode;
