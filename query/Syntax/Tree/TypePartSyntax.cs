namespace NeuroDb.Query;

/// <summary>A type inside another: a field, whose name comes first, or a type alone.</summary>
/// <param name="Name">The first word: the name of a field.</param>
/// <param name="Field">The type that follows the name, or null if nothing does.</param>
/// <param name="Whole">All of it as a type: the key or the value of a MAP.</param>
internal sealed record TypePartSyntax(IdentifierSyntax Name, TypeSyntax? Field, TypeSyntax Whole)
    : SyntaxNode;
