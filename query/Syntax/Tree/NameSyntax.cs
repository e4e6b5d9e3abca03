namespace NeuroDb.Query;

/// <summary>
/// A name of one or more parts: <c>table</c>, <c>schema.table</c>, <c>t.column</c>.
/// </summary>
/// <param name="Parts">The parts from left to right; at least one.</param>
internal sealed record NameSyntax(IReadOnlyList<IdentifierSyntax> Parts) : SyntaxNode
{
    /// <summary>The last part: the name itself.</summary>
    public string Last => Parts[^1].Name;

    /// <summary>
    /// What a table, view or other object of this name is called in the catalog: those of the
    /// schema main by their name alone, others with their schema and a point before it.
    /// </summary>
    public string Key => Qualifier is { } schema && !SchemaNames.IsMain(schema)
        ? $"{schema}.{Last}"
        : Last;

    /// <summary>The part before the last, or null: the schema or the table.</summary>
    public string? Qualifier => Parts.Count > 1 ? Parts[^2].Name : null;

    /// <summary>All parts joined by dots, for messages.</summary>
    public string Text => string.Join('.', Parts.Select(part => part.Name));
}
