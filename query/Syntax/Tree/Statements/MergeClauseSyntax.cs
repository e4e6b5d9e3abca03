namespace NeuroDb.Query;

/// <summary>One WHEN of MERGE.</summary>
/// <param name="Match">The rows that it is for.</param>
/// <param name="Condition">A further condition, or null.</param>
/// <param name="Action">What is done with them.</param>
internal sealed record MergeClauseSyntax(
    MergeMatch Match, ExpressionSyntax? Condition, MergeAction Action) : SyntaxNode
{
    /// <summary>The SET items of UPDATE.</summary>
    public IReadOnlyList<AssignmentSyntax> Assignments { get; init; } = [];

    /// <summary>The named columns of INSERT; empty if none are named.</summary>
    public IReadOnlyList<IdentifierSyntax> Columns { get; init; } = [];

    /// <summary>The values of INSERT; null for DEFAULT VALUES.</summary>
    public RowSyntax? Row { get; init; }

    /// <summary>Whether OVERRIDING SYSTEM VALUE is written.</summary>
    public bool IsOverriding { get; init; }
}
