namespace NeuroDb.Query;

/// <summary>The name of a model, with or without a version: <c>m</c>, <c>m@2</c>.</summary>
/// <param name="Name">The name.</param>
/// <param name="Version">The version.</param>
internal sealed record ModelNameSyntax(NameSyntax Name, ModelVersionChoice Version) : SyntaxNode
{
    /// <summary>As it is written.</summary>
    public string Text => Name.Text + Version;
}
