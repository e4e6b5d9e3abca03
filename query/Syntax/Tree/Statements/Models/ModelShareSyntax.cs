namespace NeuroDb.Query;

/// <summary>One share of a split: <c>train .8</c>.</summary>
/// <param name="Part">The name of the part.</param>
/// <param name="Share">The number.</param>
internal sealed record ModelShareSyntax(IdentifierSyntax Part, double Share) : SyntaxNode;
