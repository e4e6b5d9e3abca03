namespace NeuroDb.Query;

/// <summary>What USING asks for, as a text in one line.</summary>
/// <param name="Name">The name: mlp, gbdt, LAYERS.</param>
/// <param name="Text">The name with its arguments.</param>
internal sealed record ModelArchitectureSyntax(string Name, string Text) : SyntaxNode;
