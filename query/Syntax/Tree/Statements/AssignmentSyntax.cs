namespace NeuroDb.Query;

/// <summary>One <c>column = value</c> of UPDATE.</summary>
/// <param name="Column">The column.</param>
/// <param name="Value">The value; DefaultExpressionSyntax for DEFAULT.</param>
internal sealed record AssignmentSyntax(
    IdentifierSyntax Column,
    ExpressionSyntax Value) : SyntaxNode;
