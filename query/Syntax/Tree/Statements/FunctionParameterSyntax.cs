namespace NeuroDb.Query;

/// <summary>A parameter of CREATE FUNCTION.</summary>
/// <param name="Name">Its name; $1 and the like where it has none.</param>
/// <param name="Type">Its type; null for that of the argument.</param>
/// <param name="Default">The value where no argument is given, or null.</param>
internal sealed record FunctionParameterSyntax(
    IdentifierSyntax Name, TypeSyntax? Type, ExpressionSyntax? Default) : SyntaxNode;
