namespace NeuroDb.Query;

/// <summary>
/// A name of one or more parts: <c>table</c>, <c>schema.table</c>, <c>t.column</c>.
/// </summary>
/// <param name="Parts">The parts from left to right; at least one.</param>
internal sealed record NameSyntax(IReadOnlyList<IdentifierSyntax> Parts) : SyntaxNode
{
    /// <summary>The last part: the name itself.</summary>
    public string Last => Parts[^1].Name;

    /// <summary>The part before the last, or null: the schema or the table.</summary>
    public string? Qualifier => Parts.Count > 1 ? Parts[^2].Name : null;

    /// <summary>All parts joined by dots, for messages.</summary>
    public string Text => string.Join('.', Parts.Select(part => part.Name));
}
