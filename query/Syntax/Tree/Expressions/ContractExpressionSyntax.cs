namespace NeuroDb.Query;

/// <summary>A comparison with what a model says, and how sure it has to be.</summary>
/// <param name="Comparison">The comparison.</param>
/// <param name="Precision">The share of rows said to be so that are.</param>
/// <param name="Confidence">How sure that share has to be.</param>
internal sealed record ContractExpressionSyntax(
    ExpressionSyntax Comparison, double Precision, double Confidence) : ExpressionSyntax;
