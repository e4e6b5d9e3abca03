namespace NeuroDb.Query;

/// <summary>The base of the items of SELECT and RETURNING.</summary>
internal abstract record SelectItemSyntax : SyntaxNode;
