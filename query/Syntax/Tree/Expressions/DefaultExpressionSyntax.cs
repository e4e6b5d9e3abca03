namespace NeuroDb.Query;

/// <summary>DEFAULT as a value in VALUES, UPDATE or SET.</summary>
internal sealed record DefaultExpressionSyntax : ExpressionSyntax;
