namespace NeuroDb.Query;

/// <summary>DEFAULT.</summary>
/// <param name="Value">The value.</param>
/// <param name="ValueText">The text of the value, without the outer parentheses.</param>
internal sealed record DefaultConstraintSyntax(
    ExpressionSyntax Value,
    string ValueText) : ConstraintSyntax;
