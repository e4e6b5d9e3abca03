namespace NeuroDb.Query;

/// <summary>
/// The base of all nodes of the syntax tree: immutable, made by the parser only, shareable
/// between threads. The tree says what was written, not what it means: names and types are
/// resolved by the binder.
/// </summary>
internal abstract record SyntaxNode
{
    /// <summary>Where the text of the node stands in the script.</summary>
    public SourcePosition Position { get; init; }
}
