namespace NeuroDb.Query;

/// <summary>The base of the constraints of columns and tables.</summary>
internal abstract record ConstraintSyntax : SyntaxNode
{
    /// <summary>The name given by CONSTRAINT, or null.</summary>
    public IdentifierSyntax? Name { get; init; }
}
