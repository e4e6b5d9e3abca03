namespace NeuroDb.Query;

/// <summary>a[n], an element, or a[n:m], a slice.</summary>
/// <param name="Operand">The array.</param>
/// <param name="First">The place; null in a slice from the beginning.</param>
/// <param name="Last">The last place of a slice; null for an element and up to the end.</param>
/// <param name="IsSlice">Whether it is a slice.</param>
internal sealed record SubscriptExpressionSyntax(
    ExpressionSyntax Operand, ExpressionSyntax? First, ExpressionSyntax? Last, bool IsSlice)
    : ExpressionSyntax;
