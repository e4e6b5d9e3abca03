namespace NeuroDb.Query;

/// <summary>GENERATED ALWAYS AS (expression).</summary>
/// <param name="Value">The expression.</param>
/// <param name="ValueText">Its text, without the outer parentheses.</param>
/// <param name="IsVirtual">Whether it is computed when it is read.</param>
internal sealed record GeneratedConstraintSyntax(
    ExpressionSyntax Value, string ValueText, bool IsVirtual) : ConstraintSyntax
{
    /// <summary>Whether it is computed some time after the row is stored.</summary>
    public bool IsAsync { get; init; }
}
