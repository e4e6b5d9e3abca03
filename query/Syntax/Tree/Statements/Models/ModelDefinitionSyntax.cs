namespace NeuroDb.Query;

/// <summary>What CREATE MODEL says about a model apart from its name.</summary>
internal sealed record ModelDefinitionSyntax : SyntaxNode
{
    /// <summary>The word behind TYPE, or null.</summary>
    public IdentifierSyntax? Type { get; init; }

    /// <summary>The columns behind PREDICT; empty without one.</summary>
    public IReadOnlyList<IdentifierSyntax> Targets { get; init; } = [];

    /// <summary>The items of TRANSFORM.</summary>
    public IReadOnlyList<ModelTransformSyntax> Transforms { get; init; } = [];

    /// <summary>What USING asks for, or null.</summary>
    public ModelArchitectureSyntax? Architecture { get; init; }

    /// <summary>How rows are divided, or null.</summary>
    public ModelSplitSyntax? Split { get; init; }

    /// <summary>The options of WITH.</summary>
    public IReadOnlyList<OptionSyntax> Options { get; init; } = [];
}
