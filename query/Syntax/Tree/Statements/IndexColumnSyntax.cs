namespace NeuroDb.Query;

/// <summary>One column of CREATE INDEX.</summary>
/// <param name="Column">The column.</param>
/// <param name="OperatorClass">The operator class, or null.</param>
/// <param name="Direction">The direction.</param>
/// <param name="Nulls">Where NULLs stand.</param>
internal sealed record IndexColumnSyntax(
    IdentifierSyntax Column,
    IdentifierSyntax? OperatorClass,
    SortDirection Direction,
    NullOrder Nulls = NullOrder.Default) : SyntaxNode
{
    /// <summary>The expression that is indexed; null for a column.</summary>
    public ExpressionSyntax? Expression { get; init; }

    /// <summary>The text of the column or the expression.</summary>
    public string Text { get; init; } = "";
}
