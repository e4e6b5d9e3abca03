namespace NeuroDb.Query;

/// <summary>An expression as a result column.</summary>
/// <param name="Expression">The expression.</param>
/// <param name="Alias">The name given to it, or null.</param>
/// <param name="Text">
/// The text of the expression: the name of the column where nothing better is known.
/// </param>
internal sealed record ExpressionItemSyntax(
    ExpressionSyntax Expression,
    IdentifierSyntax? Alias,
    string Text) : SelectItemSyntax;
