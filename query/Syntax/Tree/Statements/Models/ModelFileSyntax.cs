namespace NeuroDb.Query;

/// <summary>What EXPORT MODEL and IMPORT MODEL say of a file beside its path.</summary>
internal sealed record ModelFileSyntax
{
    /// <summary>The word behind FORMAT, or null.</summary>
    public IdentifierSyntax? Format { get; init; }

    /// <summary>The path of the key behind SIGNED BY, or null.</summary>
    public ExpressionSyntax? Key { get; init; }

    /// <summary>The columns that the model reads; empty if none are named.</summary>
    public IReadOnlyList<(IdentifierSyntax Name, TypeSyntax Type)> Inputs { get; init; } = [];

    /// <summary>The columns that the model predicts; empty if none are named.</summary>
    public IReadOnlyList<(IdentifierSyntax Name, TypeSyntax Type)> Outputs { get; init; } = [];
}
