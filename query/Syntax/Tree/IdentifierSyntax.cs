namespace NeuroDb.Query;

/// <summary>One name, without its quotes; names compare without regard to case.</summary>
/// <param name="Name">The name, unquoted.</param>
/// <param name="IsQuoted">Whether it was written in quotes.</param>
internal sealed record IdentifierSyntax(string Name, bool IsQuoted) : SyntaxNode;
