namespace NeuroDb.Query;

/// <summary>CHECK.</summary>
/// <param name="Condition">The condition.</param>
/// <param name="ConditionText">The text of the condition, without the outer parentheses.</param>
internal sealed record CheckConstraintSyntax(
    ExpressionSyntax Condition,
    string ConditionText) : ConstraintSyntax;
