namespace NeuroDb.Query;

/// <summary>The base of what stands in FROM.</summary>
internal abstract record TableReferenceSyntax : SyntaxNode;
