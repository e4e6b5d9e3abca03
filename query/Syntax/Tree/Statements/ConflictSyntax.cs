namespace NeuroDb.Query;

/// <summary>ON CONFLICT of INSERT.</summary>
/// <param name="Columns">The columns of the key; empty where none is named.</param>
/// <param name="Constraint">The name of the key, or null.</param>
/// <param name="Assignments">The SET items; empty for DO NOTHING.</param>
/// <param name="Where">Which rows that are there are updated; null for all.</param>
internal sealed record ConflictSyntax(
    IReadOnlyList<IdentifierSyntax> Columns,
    IdentifierSyntax? Constraint,
    IReadOnlyList<AssignmentSyntax> Assignments,
    ExpressionSyntax? Where) : SyntaxNode
{
    /// <summary>The key as expressions, where it is more than columns; else empty.</summary>
    public IReadOnlyList<ExpressionSyntax> Keys { get; init; } = [];

    /// <summary>The condition of the index that is meant, or null.</summary>
    public ExpressionSyntax? KeyWhere { get; init; }
}
