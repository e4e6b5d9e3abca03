namespace NeuroDb.Query;

/// <summary>One change of ALTER TABLE.</summary>
/// <param name="Kind">What it does.</param>
internal sealed record TableChangeSyntax(TableChangeKind Kind) : SyntaxNode
{
    /// <summary>The column or constraint; of RENAME TO the new name of the table.</summary>
    public IdentifierSyntax? Name { get; init; }

    /// <summary>The new name of a column or constraint.</summary>
    public IdentifierSyntax? NewName { get; init; }

    /// <summary>The column of ADD COLUMN.</summary>
    public ColumnDefinitionSyntax? Column { get; init; }

    /// <summary>The constraint of ADD CONSTRAINT.</summary>
    public ConstraintSyntax? Constraint { get; init; }

    /// <summary>The default, or the value of USING.</summary>
    public ExpressionSyntax? Value { get; init; }

    /// <summary>The text of the value.</summary>
    public string? ValueText { get; init; }

    /// <summary>The new type.</summary>
    public TypeSyntax? Type { get; init; }

    /// <summary>The collation of the new type.</summary>
    public IdentifierSyntax? Collation { get; init; }

    /// <summary>Whether IF EXISTS or IF NOT EXISTS is given.</summary>
    public bool IsConditional { get; init; }

    /// <summary>Whether what depends on it is dropped too.</summary>
    public bool IsCascade { get; init; }

    /// <summary>The version of SET MODEL.</summary>
    public ModelNameSyntax? Model { get; init; }

    /// <summary>Whether SET MODEL changes all rows itself, rather than in the background.</summary>
    public bool IsImmediate { get; init; }

    /// <summary>The text of the value, or another where none is written.</summary>
    public string ValueTextOr(string other) => ValueText ?? other;
}
