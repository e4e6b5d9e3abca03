namespace NeuroDb.Query;

/// <summary>A join of two table references.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="IsNatural">Whether NATURAL is given.</param>
/// <param name="Left">The left side.</param>
/// <param name="Right">The right side.</param>
/// <param name="On">The condition of ON, or null.</param>
/// <param name="Using">The columns of USING; empty without it.</param>
internal sealed record JoinSyntax(
    JoinKind Kind,
    bool IsNatural,
    TableReferenceSyntax Left,
    TableReferenceSyntax Right,
    ExpressionSyntax? On,
    IReadOnlyList<IdentifierSyntax> Using) : TableReferenceSyntax;
